#!/usr/bin/env python3
# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Runs a TAP test on a display of its own, and ends that display whatever happens.

Usage: with-display.py PROGRAM [ARGUMENT...]
"""

import os
import shutil
import signal
import subprocess
import sys

SCREEN = "1024x768x24"


def start_display():
    """Starts Xvfb on a free display, which it chooses itself; returns the process and the name."""
    readable, writable = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writable), "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset"],
        pass_fds=[writable],
        stderr=subprocess.DEVNULL,
    )
    os.close(writable)
    with os.fdopen(readable) as answers:
        number = answers.readline().strip()
    return server, number


def end(process):
    if process is None or process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def make_environment(number):
    environment = dict(os.environ)
    environment.pop("WAYLAND_DISPLAY", None)
    environment.update(
        DISPLAY=":" + number,
        GDK_BACKEND="x11",
        GSK_RENDERER="cairo",
        GSETTINGS_BACKEND="memory",
        GTK_A11Y="none",
    )
    return environment


def main():
    if shutil.which("Xvfb") is None:
        print("1..0 # SKIP there is no Xvfb: install xvfb")
        return 0

    # Whoever ends us, by a timeout say, ends both: the cleaning up below is run.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    server = program = None
    try:
        server, number = start_display()
        if not number:
            print("1..0 # SKIP Xvfb did not start")
            return 0
        program = subprocess.Popen(sys.argv[1:], env=make_environment(number))
        return program.wait()
    finally:
        end(program)
        end(server)


if __name__ == "__main__":
    sys.exit(main())
