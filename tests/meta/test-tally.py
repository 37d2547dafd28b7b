# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""tests/tally.py counts right: what it overlooks, nobody sees."""

import json
import pathlib
import sys
import tempfile

import meta

TAP = "1..5\n# a remark\nok 1 /a/b\nok 2 - words # slow\nok 3 /c # SKIP no display\nnot ok 4 /d # TODO later\nnot ok 5 /e\n"
STORIES = [
    # (what, (result, stdout), last line)
    ("cases of TAP", ("FAIL", TAP), "3 passed, 1 failed, 1 skipped"),
    ("a test that tells by its status", ("OK", "words\nok then\n"), "1 passed, 0 failed, 0 skipped"),
    ("such a test that fails", ("FAIL", ""), "0 passed, 1 failed, 0 skipped"),
    ("such a test that skips", ("SKIP", "needs a display\n"), "0 passed, 0 failed, 1 skipped"),
    ("TAP that skips all", ("SKIP", "1..0 # SKIP needs a display\n"), "0 passed, 0 failed, 1 skipped"),
    ("a crash behind good cases", ("ERROR", "1..3\nok 1 /a\nBail out! b\n"), "1 passed, 1 failed, 0 skipped"),
    ("a crash before any case", ("ERROR", ""), "0 passed, 1 failed, 0 skipped"),
    ("a test that hangs", ("TIMEOUT", "1..2\nok 1 /a\n"), "1 passed, 1 failed, 0 skipped"),
]


def tally(*arguments):
    status, out = meta.run(sys.executable, meta.SOURCE / "tests/tally.py", *arguments)
    return status, out.splitlines()


def differs(arguments, last_line):
    status, lines = tally(*arguments)
    if lines[-1] != last_line:
        yield f"says “{lines[-1]}”, not “{last_line}”"
    if (status != 0) != (" 0 failed" not in last_line):
        yield f"exits with {status}"


def check_log(tap, folder, what, record, last_line):
    result, stdout = record
    log = pathlib.Path(folder) / "testlog.json"
    log.write_text(json.dumps({"name": "mpel:c / x", "result": result, "stdout": stdout, "returncode": 1}) + "\n")
    tap.check(what, differs([f"run={log}"], last_line))


tap = meta.Tap()
with tempfile.TemporaryDirectory() as folder:
    for story in STORIES:
        check_log(tap, folder, *story)
tap.check("a log that is missing", differs(["run=/no/such/log"], "0 passed, 1 failed, 0 skipped"))
tap.check("a step that failed", differs(["--failed", "build"], "0 passed, 1 failed, 0 skipped"))
tap.check("nothing at all", differs([], "0 passed, 1 failed, 0 skipped"))
tap.end()
