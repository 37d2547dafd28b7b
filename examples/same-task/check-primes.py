#!/usr/bin/python3
# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs one of the programs that count primes: all of them say the same."""

import importlib.util
import os
import re
import subprocess
import sys

COMMAND = sys.argv[1:]
SKIP = 77


def run(*arguments):
    environment = dict(os.environ, G_DEBUG="fatal-criticals", LC_ALL="C.UTF-8")
    done = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, env=environment, check=True)
    shares = re.findall(r"^(\d+) %$", done.stderr, re.MULTILINE)
    assert done.stderr == "".join(f"{share} %\n" for share in shares), done.stderr
    return done.stdout, [int(share) for share in shares]


def main():
    if COMMAND[-1].endswith(".py") and importlib.util.find_spec("gi") is None:
        print("skipped: install python3-gi")
        sys.exit(SKIP)

    out, shares = run("100000")
    assert out == "9592 primes\n", out
    assert shares == sorted(shares) and 0 < shares[-1] <= 100, shares
    assert run("10") == ("4 primes\n", []), run("10")
    assert run("1") == ("no primes: below 2 there are none\n", []), run("1")


if __name__ == "__main__":
    main()
