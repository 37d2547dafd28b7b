#!/usr/bin/env python3
# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Checks what reads and counts logs, without a window and without workers."""

import calendar
import gzip
import os
import tempfile

import axis
import kinds
import reader
import tap
from formats import Parser, normalise
from table import Filter, Table, find_width

K = kinds


def minute_of(year, month, day, hour, minute):
    return calendar.timegm((year, month, day, hour, minute, 0)) // 60


NOON = minute_of(2026, 11, 25, 8, 17)
LINES = (
    ("Nov 25 08:17:40 web sshd[12]: error: no key for root from 10.0.0.7 port 33", NOON, K.ERROR,
     "sshd: no key for root from # port #"),
    ("Nov 25 08:17:40 web cron: (root) CMD (true)", NOON, K.OTHER, "cron: (root) CMD (true)"),
    ("Nov  5 08:17:40 web kernel: usb 1-1: new device", NOON - 20 * 1440, K.OTHER, "kernel: usb #-#: new device"),
    ("<11>Nov 25 08:17:40 web prog: hello", NOON, K.ERROR, "prog: hello"),
    ("<30>Nov 25 08:17:40 web prog: hello", NOON, K.INFO, "prog: hello"),
    ("Dec 31 23:59:59 web a: last year", minute_of(2025, 12, 31, 23, 59), K.OTHER, "a: last year"),
    ("2026-11-25T08:17:40+0000 web kernel: at 0xdeadbeef", NOON, K.OTHER, "kernel: at #"),
    ("2026-11-25T08:17:40.123456+01:00 web app[1]: WARNING: low on disk", NOON, K.WARNING, "app: low on disk"),
    ("2026-11-25 08:17:40,123 ERROR main: lost 7 after 12.5ms", NOON, K.ERROR, "main: lost # after #ms"),
    ("2026-11-25 08:17:40.1 [DEBUG] cache miss", NOON, K.DEBUG, "cache miss"),
    ("[2026-11-25 08:17:40] NOTICE: started", NOON, K.INFO, "started"),
    ('2026-11-25T08:17:40Z level=warn msg="slow"', NOON, K.WARNING, 'level=warn msg="slow"'),
    ("2026-11-25 08:17:40 there was no error here", NOON, K.OTHER, "there was no error here"),
    ("2026/11/25 08:17:40 [error] 12#0: *1 open() failed", NOON, K.ERROR, "open() failed"),
    ('10.0.0.7 - bob [25/Nov/2026:08:17:40 +0000] "GET /users/17?x=1 HTTP/1.1" 404 12 "-" "curl"', NOON, K.HTTP_4,
     "404 GET /users/#"),
    ('::1 - - [25/Nov/2026:08:17:40 +0000] "POST /a HTTP/2" 503 0', NOON, K.HTTP_5, "503 POST /a"),
    ('h - - [25/Nov/2026:08:17:40 +0000] "GET / HTTP/1.0" 200 9', NOON, K.HTTP_2, "200 GET /"),
    ('h - - [25/Nov/2026:08:17:40 +0000] "GET /\\"x HTTP/1.0" 301 9', NOON, K.HTTP_3, '301 GET /\\"x'),
    ('h - - [25/Nov/2026:08:17:40 +0000] "-" 408 0', NOON, K.HTTP_4, "408 (no request)"),
    ("[Wed Nov 25 08:17:40.123456 2026] [core:error] [pid 1] [client 1.2.3.4:5] no such file", NOON, K.ERROR,
     "no such file"),
)
NO_LINES = (
    "",
    '  File "main.py", line 3',
    "Feb 30 08:17:40 web a: no such day",
    "Foo 25 08:17:40 web a: no such month",
    "2026-13-25 08:17:40 no such month",
    "2026-11-25 25:17:40 no such hour",
    'h - - [25/Nox/2026:08:17:40 +0000] "GET / HTTP/1.0" 200 9',
)
MESSAGES = (
    ("id 550e8400-e29b-41d4-a716-446655440000 gone", "id # gone"),
    ("commit 3f9a1bc42d", "commit #"),
    ("feedback and facade are words", "feedback and facade are words"),
    ("10.0.0.7:8080 in 1,234 ms", "# in # ms"),
    ("x" * 500, "x" * 160),
)


def read_lines():
    """Lines of all formats tell their time, kind and message, whatever stood before them"""
    parser = Parser(2026, 11)
    for line, *expected in LINES * 2:
        tap.equal((line, parser.parse(line)), (line, tuple(expected)))
        tap.equal((line, Parser(2026, 11).parse(line)), (line, tuple(expected)))


def refuse_lines():
    """Lines without a time, or with one that cannot be, are none"""
    for line in NO_LINES:
        tap.equal((line, Parser(2026, 11).parse(line)), (line, None))


def make_one_of_many():
    """Messages that differ in numbers and ids are one"""
    for message, expected in MESSAGES:
        tap.equal(normalise(message), expected)


def read_all(data):
    """The parts of a file, as the host adds them up, and the fractions that were told."""
    table, known, fractions = Table(), [], []
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "a.log")
        with open(path, "wb") as file:
            file.write(data)
        for part in reader.parse_file(path, fractions.append):
            table.add(part, known)
    return table, fractions


def read_files():
    """Files are read in parts, whole or compressed, also when the last line has no end"""
    lines = [f"2026-11-25 {i // 3600:02}:{i // 60 % 60:02}:{i % 60:02} ERROR lost {i}" for i in range(30_000)]
    data = "\n".join(lines).encode()
    for text in data, gzip.compress(data):
        table, fractions = read_all(text)
        tap.equal((table.n_lines, table.n_untimed), (30_000, 0))
        tap.equal([(row.message, row.total) for row in table.rows.values()], [("lost #", 30_000)])
        tap.equal((table.first, table.last), (minute_of(2026, 11, 25, 0, 0), minute_of(2026, 11, 25, 8, 19)))
        assert len(fractions) > 2 and fractions == sorted(fractions) and fractions[-1] == 1, fractions
    table, fractions = read_all(data + b"\n\n  broken \xff\n")
    tap.equal((table.n_lines, table.n_untimed), (30_001, 1))


def refuse_files():
    """What is no log says why"""
    packed = gzip.compress(os.urandom(1000))
    for data, message in (
        (b"", "The file is empty"),
        (b"hello\n", "No line tells a time that is known here"),
        (b"\x7fELF\0\0", "This is not a text file"),
        (b"x" * (3 << 20), "This is not a log: a line has no end"),
        (packed[:200], "Compressed file ended before the end-of-stream marker was reached"),
    ):
        try:
            read_all(data)
            raise AssertionError(f"{data[:10]} was read")
        except (ValueError, EOFError) as error:
            tap.equal(str(error), message)
    try:
        reader.open_file("/dev/null")
        raise AssertionError("it was opened")
    except ValueError as error:
        tap.equal(str(error), "This is not a file")


def limit_messages():
    """However many messages there are, the table has an end"""
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = [a + b + c + d for a in letters for b in letters for c in letters for d in "ghij"]
    counter = reader.Counter(Parser(2026, 11))
    part = counter.count([f"2026-11-25 08:17:40 ERROR {word}" for word in words])
    tap.equal(len(part.messages), reader.MAX_MESSAGES + 1)
    tap.equal(part.messages[-1], (K.ERROR, reader.REST))
    tap.equal(part.counts[reader.MAX_MESSAGES, NOON], len(words) - reader.MAX_MESSAGES)


def ask(table, **wanted):
    question = table.ask(Filter(**wanted))
    try:
        while True:
            next(question)
    except StopIteration as last:
        return last.value


def answer_questions():
    """Kinds, words and ranges narrow what is counted"""
    table = Table()
    tap.equal(ask(table), None)
    messages = [(K.ERROR, "Disk full"), (K.INFO, "disk found"), (K.INFO, "bye")]
    known = []
    table.add(reader.Part(messages, {(0, NOON): 2, (1, NOON): 3, (2, NOON + 90): 5}, 11, 1), known)
    table.add(reader.Part([], {(0, NOON + 1): 1}, 1, 0), known)
    answer = ask(table)
    tap.equal((answer.n_lines, answer.width, sum(map(sum, answer.bars.values()))), (11, 1, 11))
    tap.equal([(n, row.message) for n, row in answer.rows], [(5, "bye"), (3, "Disk full"), (3, "disk found")])
    answer = ask(table, text="FULL disk")
    tap.equal((answer.n_lines, answer.bars[K.ERROR][:3]), (3, [2, 1, 0]))
    answer = ask(table, hidden={K.INFO})
    tap.equal((answer.n_lines, answer.of_kind[K.INFO], K.INFO in answer.bars), (3, 8, False))
    answer = ask(table, span=(NOON + 1, NOON + 90))
    tap.equal([(n, row.message) for n, row in answer.rows], [(5, "bye"), (1, "Disk full")])
    tap.equal((answer.bars[K.ERROR][0], answer.of_kind[K.ERROR]), (2, 1))


def choose_widths():
    """Bars and marks are such that people can name them"""
    for span, width, words in (
        (0, 1, "per minute"),
        (119, 1, "per minute"),
        (1439, 15, "per 15 minutes"),
        (7 * 1440 - 1, 120, "per 2 hours"),
        (90 * 1440, 1440, "per day"),
        (700 * 1440, 10080, "per week"),
    ):
        tap.equal((span, find_width(0, span), axis.format_width(find_width(0, span))), (span, width, words))
    assert find_width(0, 10**9) * 120 > 10**9
    tap.equal(axis.find_counts(9, 4), [5, 10])
    tap.equal(axis.find_counts(1, 4), [1])
    tap.equal(axis.find_counts(4100, 3), [2000, 4000, 6000])
    marks = axis.find_times(NOON, NOON + 1440, 9)
    tap.equal([text for minute, text in marks][:6], ["09:00", "12:00", "15:00", "18:00", "21:00", "26 Nov"])
    tap.equal(axis.find_times(0, 3 * 1440, 3)[1], (2 * 1440, "3 Jan"))
    tap.equal(axis.format_span(NOON, NOON + 1), "25 Nov 2026, 08:17 to 08:18")


if __name__ == "__main__":
    tap.run(
        read_lines,
        refuse_lines,
        make_one_of_many,
        read_files,
        refuse_files,
        limit_messages,
        answer_questions,
        choose_widths,
    )
