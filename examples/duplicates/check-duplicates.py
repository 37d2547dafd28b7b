#!/usr/bin/env python3
# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Checks the duplicate finder: check-duplicates.py PROGRAM, on a display.

The window is saved beside the program, for people to look at.
"""

import os
import random
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tests", "gtk"))

from marked import save_window  # noqa: E402

PROGRAM = sys.argv[1]
PICTURE = os.path.join(os.path.dirname(os.path.abspath(PROGRAM)), "duplicates.png")
MARK = "MPEL_DUPLICATES_CHECK"
TIMEOUT_S = 60

# Each with its size, and the folders that have a copy.
FILES = {
    "beach.jpg": (2_400_000, ["Pictures/2024", "Backup/Pictures", "Desktop"]),
    "song.flac": (5_200_000, ["Music", "Downloads"]),
    "thesis.pdf": (860_000, ["Documents", "Backup/Documents"]),
    "invoice.pdf": (45_000, ["Documents", "Downloads", "Backup/Documents", "Desktop"]),
    "notes.txt": (800, ["Documents", "Desktop"]),
}
DAY_S = 24 * 3600


def write(path, data, when=1_700_000_000):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)
    os.utime(path, (when, when))


def make_home(folder):
    """Five groups, files that are nearly the same, and links."""
    source = random.Random(1)
    for i, (name, (size, places)) in enumerate(FILES.items()):
        data = source.randbytes(size)
        for j, place in enumerate(places):
            write(os.path.join(folder, place, name), data, 1_700_000_000 + (i * 40 + j * 7) * DAY_S)
    nearly = bytearray(source.randbytes(300_000))
    for name, place in (("one.bin", 0), ("two.bin", -1), ("three.bin", 150_000)):
        nearly[place] ^= 1
        write(os.path.join(folder, "Nearly", name), bytes(nearly))
    write(os.path.join(folder, "Nearly", "empty"), b"")
    os.symlink("../Documents/thesis.pdf", os.path.join(folder, "Nearly", "link.pdf"))
    os.link(os.path.join(folder, "Music", "song.flac"), os.path.join(folder, "Music", "the same song.flac"))


def run(folder, picture):
    printed = save_window(PROGRAM, folder, picture, MARK, TIMEOUT_S, TZ="UTC")
    return re.sub("\N{NO-BREAK SPACE}", " ", printed)


def check_home():
    with tempfile.TemporaryDirectory() as parent:
        folder = os.path.join(parent, "Home")
        make_home(folder)
        out = run(folder, PICTURE)
    assert out.startswith("5 groups, 11.0 MB wasted — 18 files (1 link not followed, 1 hard link, 1 empty); "), out


def check_many():
    """As many groups as a large tree has."""
    with tempfile.TemporaryDirectory() as folder:
        for i in range(1000):
            for place in ("a", "b"):
                write(os.path.join(folder, place, str(i)), b"%4d" % i)
        out = run(folder, os.path.join(folder, "window.png"))
    assert out.startswith("1000 groups, 4.0 kB wasted — 2000 files; "), out


def check_no_folder():
    with tempfile.TemporaryDirectory() as folder:
        out = run(os.path.join(folder, "missing"), os.path.join(folder, "window.png"))
    assert "missing" in out and "groups" not in out, out


def main():
    checks = (check_home, check_many, check_no_folder)
    print(f"1..{len(checks)}")
    status = 0
    for number, check in enumerate(checks, 1):
        try:
            check()
            print(f"ok {number} - {check.__name__}", flush=True)
        except (AssertionError, OSError, subprocess.TimeoutExpired) as error:
            status = 1
            print(f"# {error!r}\nnot ok {number} - {check.__name__}", flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
