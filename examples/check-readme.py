#!/usr/bin/python3
# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The README's programs are the tested ones, its commands exist, its links lead somewhere."""

import os
import re
import sys

ROOT, GLIB_FLOOR = sys.argv[1:]
MAX_PICTURE_BYTES = 150000
README = open(os.path.join(ROOT, "README.md"), encoding="utf-8").read()


def find_blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def read_program(name):
    """A program without its first lines, which say whose it is."""
    text = open(os.path.join(ROOT, "examples", name), encoding="utf-8").read()
    head = re.match(r"(#!.*\n)?.*Copyright.*\n.*SPDX-License-Identifier.*\n", text)
    return text[head.end():]


def check_programs():
    for language, name in ("c", "primes.c"), ("python", "primes.py"), ("js", "primes.js"), ("vala", "primes.vala"):
        assert f"](examples/same-task/{name})" in README, f"the README does not name {name}"
        program = read_program(f"same-task/{name}")
        assert find_blocks(language) == [program], f"the README shows another {name} than the tested one"


def check_pictures():
    for name in re.findall(r"!\[.+?\]\((.+?)\)", README):
        assert os.path.getsize(os.path.join(ROOT, name)) < MAX_PICTURE_BYTES, f"{name} takes too long to load"


def check_commands():
    commands = [line for block in find_blocks("sh") for line in block.splitlines()]
    for name in "examples/run", "tests/run":
        assert any(line.startswith(f"./{name}") for line in commands), f"the README does not say ./{name}"
        assert os.access(os.path.join(ROOT, name), os.X_OK), f"{name} is not a command"


def check_links():
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert os.path.exists(os.path.join(ROOT, target)), f"the README leads to {target}, which does not exist"


def check_floor():
    floors = re.findall(r"GLib (\d+\.\d+)", README)
    assert floors and set(floors) == {GLIB_FLOOR}, f"the build wants GLib {GLIB_FLOOR}, the README {floors}"


check_programs()
check_pictures()
check_commands()
check_links()
check_floor()
