#!/usr/bin/env python3
# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""watched.py valgrind|sanitizers PROGRAM [ARGUMENT…]

Runs a test so that no process of it can hide a memory error. The test itself only sees that a
worker is gone; what was wrong in it, such as a leak found at its end, would be lost. So every
process writes its findings into a file of its own, and the test fails when there is any.

With MPEL_TESTS_WATCH=host, valgrind leaves workers alone: it takes a second to start each of them.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

SUPPRESSIONS = pathlib.Path(__file__).resolve().parent / "suppressions"
# Came with GLib's development files; says what GLib keeps for good on purpose.
GLIB_SUPPRESSIONS = pathlib.Path("/usr/share/glib-2.0/valgrind/glib.supp")
FOUND = 99


def valgrind_command(reports):
    suppressions = [SUPPRESSIONS / "valgrind.supp"]
    if GLIB_SUPPRESSIONS.exists():
        suppressions.append(GLIB_SUPPRESSIONS)
    return [
        os.environ.get("VALGRIND", "valgrind"),
        "--quiet",  # then a log holds errors or nothing
        f"--trace-children={'no' if os.environ.get('MPEL_TESTS_WATCH') == 'host' else 'yes'}",
        "--trace-children-skip=/bin/*,/usr/*",
        "--child-silent-after-fork=yes",  # the copy of a host whose program is missing; a worker speaks
        "--leak-check=full",
        "--show-leak-kinds=definite",
        "--errors-for-leak-kinds=definite",
        "--num-callers=30",
        f"--log-file={reports}/valgrind.%p",
        *(f"--suppressions={path}" for path in suppressions),
    ]


def sanitizer_variables(reports):
    log = f"log_path={reports}/sanitizer"
    return {
        "ASAN_OPTIONS": f"{log}:detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1",
        "UBSAN_OPTIONS": f"{log}:print_stacktrace=1:halt_on_error=1",
        "LSAN_OPTIONS": f"suppressions={SUPPRESSIONS / 'lsan.supp'}:print_suppressions=0",
    }


def is_ours(program):
    """Interpreters have leaks of their own: a test that is a script is not looked at by valgrind."""
    with open(program, "rb") as file:
        is_elf = file.read(4) == b"\x7fELF"
    return is_elf and not program.startswith("/usr/")


def run(way, command, reports):
    environment = dict(os.environ, MPEL_TESTS_WATCHED=way)
    if way == "sanitizers":
        environment.update(sanitizer_variables(reports))
    elif is_ours(command[0]):
        command = valgrind_command(reports) + command
    return subprocess.call(command, env=environment)


def print_findings(reports):
    """Tells whether there were any."""
    found = False
    for path in sorted(pathlib.Path(reports).iterdir()):
        # Between dashes valgrind talks about itself, such as system calls that it does not know.
        lines = [line for line in path.read_text(errors="replace").splitlines() if not line.startswith("--")]
        if lines:
            found = True
            print(f"{path.name}:", *lines, sep="\n", file=sys.stderr)
    return found


def main():
    way, *command = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="mpel-watched-") as reports:
        status = run(way, command, reports)
        if print_findings(reports):
            status = status or FOUND
    return status if status >= 0 else 128 - status  # as a shell tells of a signal


sys.exit(main())
