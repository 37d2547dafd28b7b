# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Reads a log, part by part. Runs in the worker, and needs neither GTK nor mpel when it is tested."""

import gzip
import os
import stat
import time
import zlib

from formats import Parser

# Some milliseconds of work, here and for the host that adds it up.
CHUNK = 1 << 17
# A line that is longer is no line of a log.
MAX_LINE = 1 << 20
# Some messages are all different, whatever one does.
MAX_MESSAGES = 20_000
REST = "(other messages)"


class Part:
    """What a piece of the file has added."""

    def __init__(self, messages, counts, n_lines, n_untimed):
        self.messages = messages  # those that are new: [(kind, message)], numbered on from the last part
        self.counts = counts  # {(number of the message, minute): lines}
        self.n_lines = n_lines
        self.n_untimed = n_untimed  # of those, the ones without a time, such as of a traceback


class Counter:
    """Numbers messages, and counts them by the minute."""

    def __init__(self, parser):
        self.parser = parser
        self.numbers = {}  # (kind, message) → number

    def find_number(self, key, new):
        number = self.numbers.get(key)
        if number is None:
            if len(self.numbers) >= MAX_MESSAGES and key[1] != REST:
                return self.find_number((key[0], REST), new)
            number = self.numbers[key] = len(self.numbers)
            new.append(key)
        return number

    def count(self, lines):
        """Counts lines. Returns the part they make."""
        parse = self.parser.parse
        numbers = self.numbers
        new, counts = [], {}
        n_untimed = 0
        for line in lines:
            record = parse(line)
            if record is None:
                n_untimed += 1
                continue
            minute = record[0]
            key = record[1:]
            number = numbers.get(key)
            if number is None:
                number = self.find_number(key, new)
            place = (number, minute)
            counts[place] = counts.get(place, 0) + 1
        return Part(new, counts, len(lines), n_untimed)


def read_lines(file):
    """Yields lists of lines, whole ones, which have something in them."""
    tail = b""
    while chunk := file.read(CHUNK):
        if b"\0" in chunk:
            raise ValueError("This is not a text file")
        data = tail + chunk
        end = data.rfind(b"\n") + 1
        tail = data[end:]
        if len(tail) > MAX_LINE:
            raise ValueError("This is not a log: a line has no end")
        yield split(data[:end])
    if tail:
        yield split(tail)


def split(data):
    return [line for line in data.decode("utf-8", "replace").split("\n") if line]


def open_file(path):
    """Opens a log, also a compressed one. Returns the bytes on disk, and what to read from."""
    # Not a pipe, which may never give anything.
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise ValueError("This is not a file")
    raw = open(path, "rb", buffering=0)
    is_compressed = raw.read(2) == b"\x1f\x8b"
    raw.seek(0)
    return raw, gzip.GzipFile(fileobj=raw) if is_compressed else raw


def parse_file(path, progress):
    """Yields the parts of a file, and calls progress (fraction) in between."""
    raw, file = open_file(path)
    with raw:
        status = os.fstat(raw.fileno())
        written = time.localtime(status.st_mtime)
        counter = Counter(Parser(written.tm_year, written.tm_mon))
        n_timed = 0
        for lines in read_lines(file):
            part = counter.count(lines)
            n_timed += part.n_lines - part.n_untimed
            progress(min(1.0, raw.tell() / max(1, status.st_size)))
            yield part
    if n_timed == 0:
        raise ValueError("No line tells a time that is known here" if status.st_size else "The file is empty")


def read(path):
    """What the window asks the worker for: the parts of a file, with progress."""
    from gi.repository import Mpel

    try:
        yield from parse_file(path, Mpel.get_invocation().progress)
    except (EOFError, zlib.error) as error:
        raise ValueError(f"The compressed file is broken: {error}") from None
