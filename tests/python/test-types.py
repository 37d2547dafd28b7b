# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""test-types.py FOLDER: what mypy says of programs of users, who have the types in FOLDER, and may
have those of PyGObject-stubs."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import tap

HERE = pathlib.Path(__file__).resolve().parent / "stubs"
STUBS = sys.argv[1]
BESIDE = HERE / "pygobject"
ERROR = re.compile(r"(\S+\.pyi?):(\d+): error: (.*)")

found = subprocess.run([sys.executable, "-m", "mypy", "--version"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
if found.returncode != 0:
    print("1..0 # SKIP mypy is missing: install the package python3-mypy")
    sys.exit()


def check(program, *folders):
    """line → what mypy finds there, if all of the types are in folders on Python's path."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders))}
    options = ["--strict", "--config-file", os.devnull, "--cache-dir"]
    with tempfile.TemporaryDirectory() as cache:
        command = [sys.executable, "-m", "mypy", *options, cache, HERE / program]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=cache)
    if done.returncode not in (0, 1):
        raise AssertionError(done.stdout)
    errors = {}
    for line in done.stdout.splitlines():
        if match := ERROR.match(line):
            tap.equal(pathlib.Path(match[1]).name, program)
            errors.setdefault(int(match[2]), []).append(match[3])
    return errors


def marked(*marks):
    lines = (HERE / "bad.py").read_text().splitlines()
    return {number for number, line in enumerate(lines, 1) if any(f"  # {mark}: " in line for mark in marks)}


def compare(errors, expected):
    unseen = sorted(expected - set(errors))
    wrong = {line: texts for line, texts in errors.items() if line not in expected}
    tap.equal((unseen, wrong), ([], {}))


def test_good():
    """a good program is good"""
    compare(check("good.py", STUBS), set())


def test_bad():
    """mistakes are found"""
    compare(check("bad.py", STUBS), marked("error"))


def test_good_beside():
    """a good program is good beside PyGObject-stubs, in another folder of Python's path"""
    compare(check("good.py", STUBS, BESIDE), set())
    compare(check("good.py", BESIDE, STUBS), set())


def test_bad_beside():
    """more mistakes are found beside PyGObject-stubs, also where both are in one folder"""
    with tempfile.TemporaryDirectory() as folder:
        for one in (STUBS, BESIDE):
            shutil.copytree(pathlib.Path(one) / "gi-stubs", pathlib.Path(folder) / "gi-stubs", dirs_exist_ok=True)
        compare(check("bad.py", folder), marked("error", "beside"))


tap.run(test_good, test_bad, test_good_beside, test_bad_beside)
