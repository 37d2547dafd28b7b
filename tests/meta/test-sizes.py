# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Functions fit on a screen. One over the limit has a comment above it or inside that says why, in
a sentence with “long because”. Long files are only pointed out."""

import re

import meta

FUNCTION_LINES = 80
FILE_LINES = 500


def functions(lines):
    """(first line of the comment above, name's line, closing brace's line), counted from 0. The
    formatter puts both braces of a function in the first column."""
    start = 0
    for number, line in enumerate(lines):
        if line == "{":
            start = number
        elif line == "}" and start:
            head = start
            while head > 0 and lines[head - 1].strip():
                head -= 1
            yield head, start, number
            start = 0


def too_long(path):
    lines = path.read_text().splitlines()
    for head, start, end in functions(lines):
        length = end - start + 1
        if length > FUNCTION_LINES and not re.search(r"long\s+because", "\n".join(lines[head:end]), re.I):
            yield f"{meta.name_of(path)}:{start}: {lines[start - 1].strip()[:60]} has {length} lines, the limit is {FUNCTION_LINES}"


tap = meta.Tap()
paths = meta.c_files("mpel", "tests", "examples")
for path in paths:
    length = len(path.read_text().splitlines())
    if length > FILE_LINES:
        tap.note(f"warning: {meta.name_of(path)} has {length} lines, more than {FILE_LINES}")
tap.check("no function is too long", [line for path in paths for line in too_long(path)])
tap.end()
