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
PROGRAMS = [HERE / "good.py", HERE / "bad.py"]
ERROR = re.compile(r"(\S+\.pyi?):(\d+): error: (.*)")

found = subprocess.run([sys.executable, "-m", "mypy", "--version"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
if found.returncode != 0:
    print("1..0 # SKIP mypy is missing: install the package python3-mypy")
    sys.exit()


def check(*folders):
    """(program, line) → what mypy finds there, if all of the types are in folders on Python's path."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders))}
    # With one cache, it would not notice modules that were not there before.
    cache = f"--cache-dir={FOLDER}/{'alone' if folders == (STUBS,) else 'beside'}"
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", cache, *PROGRAMS]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=FOLDER)
    if done.returncode not in (0, 1):
        raise AssertionError(done.stdout)
    errors = {}
    for line in done.stdout.splitlines():
        if match := ERROR.match(line):
            errors.setdefault((pathlib.Path(match[1]).name, int(match[2])), []).append(match[3])
    return errors


def marked(*marks):
    for number, line in enumerate((HERE / "bad.py").read_text().splitlines(), 1):
        if any(f"  # {mark}: " in line for mark in marks):
            yield "bad.py", number


def compare(errors, *marks):
    expected = set(marked(*marks))
    unseen = sorted(expected - set(errors))
    wrong = {where: texts for where, texts in errors.items() if where not in expected}
    tap.equal((unseen, wrong), ([], {}))


def test_alone():
    """mistakes are found, and nothing else"""
    compare(check(STUBS), "error")


def test_beside():
    """more are found beside PyGObject-stubs, in another folder of Python's path"""
    compare(check(STUBS, BESIDE), "error", "beside")
    compare(check(BESIDE, STUBS), "error", "beside")


def test_together():
    """so they are where both are in one folder"""
    folder = pathlib.Path(FOLDER, "together")
    for one in (STUBS, BESIDE):
        shutil.copytree(pathlib.Path(one) / "gi-stubs", folder / "gi-stubs", dirs_exist_ok=True)
    compare(check(folder), "error", "beside")


with tempfile.TemporaryDirectory() as FOLDER:
    tap.run(test_alone, test_beside, test_together)
