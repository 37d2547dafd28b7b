# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The seed's page: each of its scripts runs as it is printed there, but for the import, and prints
what it says. None is guarded, and none runs a second time."""

import ast
import ast
import importlib.util
import os
import pathlib
import subprocess
import sys
import tempfile

import tap

SCRIPTS = pathlib.Path(__file__).parent / "seed"

# What they print. Lines of the host and of the worker come in any order between them.
EXPECTED = {
    "quick-start": ["Results summed: 36"],
    "alternative": ["Results summed: 14"],
    "example-problem": ["===== ABC(a=1, b=2, c=0) =====", "ABC(a=1, b=2, c=0)"],
    "cache-event": ["===== ABC(a=1, b=2, c=0) =====", "ABC(a=1, b=2, c=3)"],
    "save-object": [
        "===== ABC(a=1, b=2, c=0) =====",
        "Main process ABC(a=1, b=2, c=0)",
        "Main process after event loop ABC(a=1, b=2, c=3)",
    ],
    "proxy": [],
    "use": [],
    "event": ["[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]"],
    "output-handlers": [
        "Not My Event",
        "Normal Event 2",
        "Not My Event",
        "Normal Event 3",
        "My Event [0, 1, 2]",
        "Not My Event",
        "Normal Event 5",
        "My Event [0, 1, 2, 3, 4]",
    ],
}
# Where lines of two processes meet, as a whole.
UNORDERED = {"save-object"}
os.environ.pop("PYTHONUNBUFFERED", None)


# What stands in for the library multiprocess, where that is not installed.
STAND_IN = "from multiprocessing import Event, JoinableQueue, Process\n"


def run_script(name):
    """Elsewhere than it lies, so that nothing is found beside it by chance."""
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(os.environ)
        if importlib.util.find_spec("multiprocess") is None:
            pathlib.Path(folder, "multiprocess.py").write_text(STAND_IN)
            environment["PYTHONPATH"] = f"{environment.get('PYTHONPATH', '')}:{folder}"
        command = [sys.executable, SCRIPTS / f"{name}.py"]
        done = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment)
    return done.returncode, done.stdout.splitlines(), done.stderr


def coroutines():
    """The page's script async: results in the order of the page, as far as that is not chance"""
    status, lines, complaints = run_script("async")
    tap.equal((status, complaints), (0, ""))
    results = ast.literal_eval(lines.pop())
    tap.equal(lines, ["Print hello", "Print hi", "Print oi", "Yield first", "Yield second"])
    tap.equal(results[:3], [1, 2, 3])
    for name in ("first", "second"):
        tap.equal([text for text in results[3:] if text.startswith(name)], [f"{name} {number}" for number in range(5)])
    tap.equal(len(results), 13)


def script_test(name):
    def test():
        status, lines, complaints = run_script(name)
        tap.equal((status, complaints), (0, ""))
        expected = EXPECTED[name]
        tap.equal(*((sorted(lines), sorted(expected)) if name in UNORDERED else (lines, expected)))

    test.__doc__ = f"The page's script {name}"
    return test


def test_async():
    """The page's script async"""
    status, lines, complaints = run_script("async")
    tap.equal((status, complaints), (0, ""))
    tap.equal(sorted(lines[:-1]), ["Print hello", "Print hi", "Print oi", "Yield first", "Yield second"])
    # Of what the generators yield, only the order of each is certain.
    results = ast.literal_eval(lines[-1])
    tap.equal([value for value in results if isinstance(value, int)], [1, 2, 3])
    for name in ("first", "second"):
        got = [value for value in results if str(value).startswith(name)]
        tap.equal(got, [f"{name} {number}" for number in range(5)])
    tap.equal(len(results), 13)


if importlib.util.find_spec("cloudpickle") is None:
    print("1..0 # SKIP cloudpickle is missing: install the package python3-cloudpickle")
    sys.exit()
if importlib.util.find_spec("dill") is None:
    del EXPECTED["use"]
tap.run(*map(script_test, EXPECTED), test_async)
