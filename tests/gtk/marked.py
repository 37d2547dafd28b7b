# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Programs that are started with a mark in their environment, which their workers inherit: so one
can tell that none of them is left."""

import os
import subprocess


def find_marked(mark):
    """Returns the processes that were started with a mark, NAME=VALUE."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                if mark.encode() in file.read().split(b"\0"):
                    found.append(int(pid))
        except OSError:
            pass  # it is gone, or is not ours
    return found


def save_window(program, folder, picture, name, timeout_s, **variables):
    """Runs a program that saves its window and ends, and leaves nothing behind. Returns what it printed."""
    value = str(os.getpid())
    environment = dict(os.environ, LC_ALL="C.UTF-8", G_DEBUG="fatal-criticals", **variables, **{name: value})
    done = subprocess.run(
        [program, "--screenshot", picture, folder],
        env=environment,
        capture_output=True,
        text=True,
        timeout=timeout_s,
    )
    print("".join(f"# {line}\n" for line in (done.stdout + done.stderr).splitlines()), end="")
    assert done.returncode == 0, done
    assert f"{os.path.basename(program)}:" not in done.stderr and "CRITICAL" not in done.stderr, done.stderr
    assert find_marked(f"{name}={value}") == [], "a process was left"
    with open(picture, "rb") as file:
        assert file.read(4) == b"\x89PNG"
    return done.stdout
