#!/usr/bin/python3
# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs one of the first programs: it prints its sum, and says so when the worker fails."""

import importlib.util
import os
import signal
import subprocess
import sys

COMMAND = sys.argv[1:]
IS_PYTHON = COMMAND[-1].endswith(".py")
SKIP = 77


def run(*arguments):
    done = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=True)
    return done.stdout, done.stderr


def find_busy_child(parent):
    """Returns the worker of a process, once it has worked for a while."""
    enough = os.sysconf("SC_CLK_TCK") // 20
    while parent.poll() is None:
        try:
            for task in os.listdir(f"/proc/{parent.pid}/task"):
                for child in open(f"/proc/{parent.pid}/task/{task}/children").read().split():
                    times = open(f"/proc/{child}/stat").read().rpartition(") ")[2].split()
                    if int(times[11]) > enough:
                        return int(child)
        except OSError:
            pass  # a thread has ended meanwhile
        os.sched_yield()
    raise AssertionError(f"it ended with {parent.returncode} before its worker worked")


def check_lost_worker():
    """The worker would need hours; it is killed instead."""
    command = [*COMMAND, "1000000000000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as host:
        os.kill(find_busy_child(host), signal.SIGKILL)
        out, err = host.communicate()
    assert out == "" and err.startswith(("no sum: The worker was lost: ", "no sum: The worker did not start: ")), (out, err)


def main():
    if IS_PYTHON and importlib.util.find_spec("gi") is None:
        print("skipped: install python3-gi")
        sys.exit(SKIP)

    assert run("10") == ("2.928968254\n", ""), run("10")
    assert run() == ("16.002164235\n" if IS_PYTHON else "18.997896414\n", ""), run()
    if IS_PYTHON:
        out, err = run("many")
        assert out == "" and err.startswith("no sum: ValueError: "), (out, err)
    check_lost_worker()


if __name__ == "__main__":
    main()
