# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""test-snippet.py [COMMAND…]: the program prints what all of them print, whatever its language."""

import pathlib
import subprocess
import sys

expected = pathlib.Path(__file__).with_name("expected.txt").read_text()

if not sys.argv[1:]:
    print("1..0 # SKIP its language is missing: install gjs or valac")
    sys.exit()

print("1..1")
got = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, text=True, timeout=25)
for line in got.stdout.splitlines():
    print("#", line)
print("ok 1" if (got.stdout, got.returncode) == (expected, 0) else f"not ok 1 # status {got.returncode}")
