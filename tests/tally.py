#!/usr/bin/env python3
# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""tally.py NAME=TESTLOG… [--failed STEP]… [--skipped STEP]…

Adds up what the test runs wrote into their testlog.json: each case of a test that speaks TAP, and
one for each other test. Names what failed and what was skipped; the last line is the sum. Exits
with 1 when anything failed, or when nothing was run at all.
"""

import argparse
import json
import pathlib
import re
import sys

PLAN = re.compile(r"^1\.\.(\d+)", re.M)
CASE = re.compile(r"^(not )?ok\b[ \t]*\d*[ \t]*(?:- )?([^#\n]*)(?:#(.*))?$", re.M)
DIRECTIVE = re.compile(r"\s*(SKIP|TODO)\S*\s*(.*)", re.I)
GOOD = ("OK", "EXPECTEDFAIL")


class Sum:
    def __init__(self):
        self.passed = 0
        self.failed = []
        self.skipped = []

    def add_case(self, run, test, match):
        bad, name, remark = match.groups()
        name = f"{run}: {test}: {name.strip()}"
        found = DIRECTIVE.match(remark or "")
        directive, reason = (found[1].upper(), found[2]) if found else (None, "")
        if directive == "SKIP":
            self.skipped.append(f"{name}: {reason.strip() or 'no reason given'}")
        elif bad and directive != "TODO":
            self.failed.append(name)
        else:
            self.passed += 1

    def add_test(self, run, record):
        test = record["name"].rpartition(" / ")[2]
        out = record.get("stdout") or ""
        before = len(self.failed)
        cases = list(CASE.finditer(out)) if PLAN.search(out) else []
        for match in cases:
            self.add_case(run, test, match)

        result = record["result"]
        if result == "SKIP" and not cases:
            self.skipped.append(f"{run}: {test}: {reason_to_skip(out)}")
        elif result in GOOD and not cases:
            self.passed += 1
        elif result not in (*GOOD, "SKIP") and len(self.failed) == before:
            # Every case that was heard of is fine, but it crashed, hung or left a finding.
            self.failed.append(f"{run}: {test}: {result}, status {record.get('returncode')}")


def reason_to_skip(out):
    plan = re.search(r"^1\.\.0\s*#\s*SKIP\S*\s*(.+)$", out, re.M | re.I)
    if plan:
        return plan.group(1)
    lines = [line for line in out.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "no reason given"


def add_log(total, run, path):
    if not pathlib.Path(path).exists():
        total.failed.append(f"{run}: left no test log")
        return
    for line in pathlib.Path(path).read_text().splitlines():
        total.add_test(run, json.loads(line))


def print_list(title, lines):
    if lines:
        print(f"\n{title}:", *lines, sep="\n  ")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("logs", nargs="*")
    parser.add_argument("--failed", action="append", default=[])
    parser.add_argument("--skipped", action="append", default=[])
    arguments = parser.parse_args()

    total = Sum()
    for log in arguments.logs:
        add_log(total, *log.split("=", 1))
    total.failed += arguments.failed
    total.skipped += arguments.skipped
    if not (total.passed or total.failed or total.skipped):
        total.failed.append("no test was run")

    print_list("Skipped", total.skipped)
    print_list("Failed", total.failed)
    print(f"\n{total.passed} passed, {len(total.failed)} failed, {len(total.skipped)} skipped")
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
