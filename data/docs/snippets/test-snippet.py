# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""test-snippet.py [--any-order] EXPECTED [COMMAND…]: the program prints what is expected, whatever its language."""

import pathlib
import subprocess
import sys

any_order = sys.argv[1] == "--any-order"
expected, *command = sys.argv[2 if any_order else 1 :]
expected = pathlib.Path(expected).read_text().splitlines()

if not command:
    print("1..0 # SKIP what it needs is missing: install gjs, valac, libgtk-4-dev or python3-cloudpickle")
    sys.exit()

got = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=25)
if got.stdout.startswith("1..0 # SKIP"):
    print(got.stdout)
    sys.exit()

print("1..1")
lines = got.stdout.splitlines()
for line in lines:
    print("#", line)
if any_order:
    lines.sort()
    expected.sort()
print("ok 1" if (lines, got.returncode) == (expected, 0) else f"not ok 1 # status {got.returncode}")
