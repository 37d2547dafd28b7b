# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""test-names.py VALAC VAPI: what is in the binding can be said without its namespace beside others'.
A program that uses each name is compiled. What cannot be said so is in the page on Vala."""

import pathlib
import re
import subprocess
import sys
import tempfile

VALAC, VAPI = sys.argv[1], pathlib.Path(sys.argv[2])
# Version macros are called so everywhere.
SHARED = {"MAJOR_VERSION", "MINOR_VERSION", "MICRO_VERSION"}
# Namespaces that are used together, their packages, and what is ambiguous then. Gio is in the namespace GLib.
BESIDE = {
    ("GLib", "Posix"): (["posix"], set()),
    ("Gsk", "Graphene", "Pango", "Cairo"): (["gtk4"], set()),
    ("Gtk",): (["gtk4"], SHARED),
    ("Gdk",): (["gtk4"], {"Event"}),
    ("Adw",): (["libadwaita-1"], SHARED),
}
KINDS = "class|struct|enum|errordomain|interface"


def names():
    """The names of the namespace itself, with what uses them."""
    for line in VAPI.read_text().splitlines():
        if not line.startswith("\tpublic "):
            continue
        if found := re.match(rf"\tpublic (?:sealed |abstract )?(?:{KINDS}) (\w+)", line):
            yield found[1], f"typeof ({found[1]});"
        elif found := re.match(r"\tpublic delegate .* (\w+) \(", line):
            yield found[1], f"{found[1]}? used = null;"
        elif found := re.match(r"\tpublic const \w+ (\w+);", line):
            yield found[1], f"var used = {found[1]};"
        else:
            name = re.match(r"\tpublic static .* (\w+) \(", line)[1]
            yield name, f"{name} (VariantType.STRING, 0, 0);"


def program(beside, left_out):
    uses = "\n".join(f"void use_{name} () throws Error {{ {use} }}" for name, use in names() if name not in left_out)
    others = "".join(f"using {name};\n" for name in beside if name != "GLib")
    return f"using GLib;\nusing Mpel;\n{others}{uses}\nvoid main () {{ }}\n"


def compile_to_c(text, packages):
    """C is far enough: it says nothing more of names. Returns what is wrong."""
    options = [f"--vapidir={VAPI.parent}", *(f"--pkg={name}" for name in ["gio-2.0", "mpel-1", *packages])]
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "names.vala").write_text(text)
        done = subprocess.run([VALAC, "-C", *options, "names.vala"], cwd=folder, capture_output=True, text=True)
    return [line for line in done.stderr.splitlines() if "error:" in line]


def find_ambiguous(beside, packages):
    """Names that are ambiguous, and what else is wrong: once without the former, as valac soon stops."""
    ambiguous = set()
    while True:
        errors = compile_to_c(program(beside, ambiguous), packages)
        found = {name for line in errors for name in re.findall(r"`(\w+)' is an ambiguous reference", line)}
        if not found:
            return ambiguous, errors
        ambiguous |= found


def verdict(beside, packages, expected):
    ambiguous, errors = find_ambiguous(beside, packages)
    if any("not found in specified Vala API directories" in line for line in errors):
        return f"ok - beside {', '.join(beside)} # SKIP {' and '.join(packages)} is missing"
    print("".join(f"# {line}\n" for line in errors), end="")
    if (ambiguous, errors) == (expected, []):
        return f"ok - beside {', '.join(beside)}"
    return f"not ok - beside {', '.join(beside)}: {sorted(ambiguous)} instead of {sorted(expected)}"


def main():
    assert len(list(names())) > 20, VAPI
    print(f"1..{len(BESIDE)}")
    for beside, (packages, expected) in BESIDE.items():
        print(verdict(beside, packages, expected), flush=True)


main()
