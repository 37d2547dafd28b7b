# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Who may include whom: see the layer rule in data/docs."""

import re

import meta

# Each layer and those that stand below it. The generated headers are of the base.
BELOW = {
    "base": {"base"},
    "wire": {"wire", "base"},
    "host": {"host", "wire", "base"},
    "worker": {"worker", "wire", "base"},
    "proxy": {"proxy", "host", "wire", "base"},
}
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"]+)"|<(mpel/[^>]+)>)', re.M)
LIBRARY = meta.SOURCE / "mpel"


def sources(layer):
    folder = LIBRARY / layer
    return [path for path in meta.files(folder) if re.search(r"\.[ch](\.in)?$", path.name)] if folder.is_dir() else []


def homes():
    """Header → layer."""
    headers = {path.name.removesuffix(".in"): layer for layer in BELOW for path in sources(layer)}
    return {**headers, **dict.fromkeys(meta.GENERATED, "base")}


def includes(path):
    for quoted, angled in INCLUDE.findall(path.read_text()):
        yield quoted or angled


def wrong_includes(layer, home):
    for path in sources(layer):
        for name in includes(path):
            if name == "config.h" and path.suffix == ".c":
                continue
            if name not in home:
                yield f"{meta.name_of(path)} includes {name}, which is no header of a layer"
            elif home[name] not in BELOW[layer]:
                yield f"{meta.name_of(path)} ({layer}) includes {name} ({home[name]})"


def private_in_public():
    for path in meta.public_headers():
        for name in includes(path):
            if name.endswith("-private.h"):
                yield f"{path.name} is public and includes {name}"


def strangers():
    """Folders of the library that are no layer would escape the rule."""
    for path in LIBRARY.iterdir():
        if path.is_dir() and path.name not in (*BELOW, "bindings", "__pycache__"):
            yield f"mpel/{path.name} is no layer"
    for path in LIBRARY.glob("*.[ch]"):
        if path.name != "mpel.h":
            yield f"mpel/{path.name} is in no layer"


tap = meta.Tap()
home = homes()
for layer in BELOW:
    tap.check(f"{layer} includes only what is below it", wrong_includes(layer, home))
tap.check("public headers include no private one", private_in_public())
tap.check("everything in the library is in a layer", strangers())
tap.end()
