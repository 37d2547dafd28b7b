# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""tests/watched.py finds what is wrong in a child of the test, of which the test itself knows nothing."""

import pathlib
import shutil
import sys
import tempfile

import meta

WATCHED = meta.SOURCE / "tests/watched.py"
SOURCE = pathlib.Path(__file__).with_name("faulty.c")


def build(folder, *flags):
    program = pathlib.Path(folder) / "faulty"
    status, out = meta.run(meta.compiler(), "-g", "-O0", "-w", *flags, "-o", program, SOURCE)
    return program if status == 0 else None


def problems(way, program, fault, is_found):
    status, out = meta.run(sys.executable, WATCHED, way, program, fault)
    if (status != 0) != is_found:
        yield f"status {status}, it said:\n{out}"


def check(tap, way, *flags):
    with tempfile.TemporaryDirectory() as folder:
        program = build(folder, *flags)
        if program is None:
            tap.skip(f"{way} at work", f"{meta.compiler()} cannot build with {' '.join(flags)}")
            return
        tap.check(f"{way}: nothing is found where nothing is wrong", problems(way, program, "nothing", False))
        for fault in ("leak", "overflow", "killed"):
            tap.check(f"{way}: {fault} in a child is found", problems(way, program, fault, True))


tap = meta.Tap()
check(tap, "sanitizers", "-fsanitize=address,undefined")
if shutil.which("valgrind"):
    check(tap, "valgrind")
else:
    tap.skip("valgrind at work", "valgrind is not installed")
tap.end()
