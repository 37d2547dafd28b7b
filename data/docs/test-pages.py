# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""test-pages.py DOCUMENTATION: what gi-docgen does not look at. Every page is built; links between
pages lead somewhere; code that is said to be cut from a file stands there word for word."""

import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BUILT = pathlib.Path(sys.argv[1])

LINK = re.compile(r"\]\((?!https?:)([^)#]+)(?:#([^)]+))?")
CODE = re.compile(r"^(?:<!-- cut from (\S+) -->\n\n?)?^```(\w+)\n(.*?)^```$", re.M | re.S)
# gi-docgen takes what is before a dot for a namespace, and drops the member of a type.
TYPE_LINK = re.compile(r"\[(?:alias|callback|class|const|enum|error|flags|iface|struct|type)@([\w.]+)\]")
NAMESPACES = {"GLib", "GObject", "Gio", "Mpel"}
# What is drawn or typed rather than compiled.
UNCHECKED = {"text", "sh"}

pages = sorted(HERE.glob("*.md")) + sorted(HERE.glob("decisions/*.md"))


def unbuilt():
    """The text says so too, since a page that is only in the folder is never seen."""
    built = (BUILT / "index.html").read_text()
    for page in pages:
        if f'"{page.stem}.html"' not in built:
            yield f"{page.name} is not in content_files of mpel.toml.in"


def dead_links():
    for page in pages:
        for target, heading in LINK.findall(page.read_text()):
            built = BUILT / target
            if not built.exists():
                yield f"{page.name} links to {target}, which is not there"
            elif heading and f'id="{heading}"' not in built.read_text():
                yield f"{page.name} links to {target}, which has no heading {heading}"


def lame_links():
    sources = [path for path in sorted(ROOT.glob("mpel/*/*")) if path.suffix in (".c", ".h")]
    for path in pages + sources:
        for endpoint in TYPE_LINK.findall(path.read_text()):
            namespace, *rest = endpoint.split(".")
            if rest and (namespace not in NAMESPACES or len(rest) > 1):
                yield f"{path.name}: write [WHAT_IS_READ][…@TYPE] instead of …@{endpoint}"


def flat(text):
    """Without indentation and empty lines: a method is shown without its class."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def untrue_code():
    for page in pages:
        for source, language, code in CODE.findall(page.read_text()):
            if language in UNCHECKED:
                continue
            if not source:
                yield f"{page.name} shows {language} that is cut from nowhere: {code.splitlines()[0]}"
            elif flat(code) not in flat((ROOT / source).read_text()):
                yield f"{page.name} shows code that is not in {source}: {code.splitlines()[0]}"


CHECKS = {
    "every page is built": unbuilt,
    "links between pages lead somewhere": dead_links,
    "links to types are whole": lame_links,
    "code is cut from tested files": untrue_code,
}

print(f"1..{len(CHECKS)}")
for number, (name, faults) in enumerate(CHECKS.items(), 1):
    found = list(faults())
    for fault in found:
        print("#", fault)
    print("not ok" if found else "ok", number, "-", name)
