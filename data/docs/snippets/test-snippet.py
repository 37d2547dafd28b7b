# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""test-snippet.py EXPECTED [COMMAND…]: the program prints what is expected, whatever its language."""

import pathlib
import subprocess
import sys

expected = pathlib.Path(sys.argv[1]).read_text()
command = sys.argv[2:]

if not command:
    print("1..0 # SKIP its language or GTK is missing: install gjs, valac or libgtk-4-dev")
    sys.exit()

got = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=25)
if got.stdout.startswith("1..0 # SKIP"):
    print(got.stdout)
    sys.exit()

print("1..1")
for line in got.stdout.splitlines():
    print("#", line)
print("ok 1" if (got.stdout, got.returncode) == (expected, 0) else f"not ok 1 # status {got.returncode}")
