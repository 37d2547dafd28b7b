# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Formats of lines: each knows its time, its kind and its message."""

import calendar
import re

import kinds

MONTHS = {name: number for number, name in enumerate(calendar.month_abbr) if name}
N_SHOWN = 160
# What differs from line to line. Addresses, versions and durations have several numbers in a row.
VARIABLE = re.compile(
    r"\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b"
    r"|\b0x[\da-f]+\b"
    r"|\b(?=[a-f]*\d)(?=\d*[a-f])[\da-f]{7,}\b"
    r"|\d+(?:[.:,]\d+)*",
    re.IGNORECASE,
)
LEADING_LEVEL = re.compile(rf"(?:[\[<(]?\b(?:{kinds.ANY_WORD})\b[\])>]?:?\s+)", re.IGNORECASE)
# “4711#0: *12 ” of nginx, which stands behind its level.
PROCESS = re.compile(r"\d+#\d+: (?:\*\d+ )?")
# “host program[pid]: ”, as syslog and the journal write after the time.
SENDER = re.compile(r"(\S+) ([^\s:\[\]]+)(?:\[\d+\])?: ?")


def normalise(message):
    """Makes one of all messages that differ in numbers and ids only."""
    return VARIABLE.sub("#", message[:N_SHOWN]).strip()


def to_minute(year, month, day, hour, minute):
    """Minutes since 1970, by the clock of whoever wrote the line. Raises ValueError for impossible days."""
    if not (1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1] and hour < 24 and minute < 60):
        raise ValueError("no such time")
    return calendar.timegm((year, month, day, hour, minute, 0)) // 60


class Format:
    """How lines are written. Its pattern has the minute first, and the rest of the line last."""

    pattern = None

    def __init__(self, year, month):
        self.year = year  # when the file was written last, for lines that do not tell
        self.month = month
        self.minutes = {}  # text → minutes since 1970: many lines share one

    def parse(self, line):
        """Returns (minute, kind, message), or None for a line of another format."""
        found = self.pattern.match(line)
        if found is None:
            return None
        text = found[1]
        minute = self.minutes.get(text)
        if minute is None:
            try:
                minute = self.minutes[text] = self.read_minute(text)
            except (KeyError, ValueError):
                return None
        kind, message = self.read_rest(found)
        return minute, kind, message

    def read_rest(self, found):
        """For what programs write: where it comes from, the level, and words."""
        return read_message(found[found.re.groups])


def read_message(rest):
    sender = SENDER.match(rest) if LEADING_LEVEL.match(rest) is None else None
    message = rest[sender.end():] if sender else rest
    level = kinds.find(message)
    if (leading := LEADING_LEVEL.match(message)) is not None:
        message = message[leading.end():]
        if (process := PROCESS.match(message)) is not None:
            message = message[process.end():]
    return level, normalise(f"{sender[2]}: {message}" if sender else message)


class Access(Format):
    """203.0.113.7 - - [25/Nov/2026:08:17:40 +0000] "GET /index.html HTTP/1.1" 200 512 …"""

    pattern = re.compile(r'\S+ \S+ [^\[]*\[(\d\d/\w{3}/\d{4}:\d\d:\d\d):\d\d [-+]\d{4}\] "((?:[^"\\]|\\.)*)" (\d{3})\b')

    def read_minute(self, text):
        return to_minute(int(text[7:11]), MONTHS[text[3:6]], int(text[:2]), int(text[12:14]), int(text[15:17]))

    def read_rest(self, found):
        status = found[3]
        words = found[2].split(" ")
        if len(words) < 2:
            return kinds.of_status(status), f"{status} (no request)"
        path = words[1].partition("?")[0]
        return kinds.of_status(status), f"{status} {words[0]} {normalise(path)}"


class Iso(Format):
    """2026-11-25T08:17:40+0000 host prog[4711]: …, or 2026-11-25 08:17:40,123 ERROR …, or with slashes"""

    pattern = re.compile(
        r"\[?(\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d):\d\d(?:[.,]\d+)?(?:Z| ?[-+]\d\d:?\d\d)?\]?[:;,]?\s+(.*)"
    )

    def read_minute(self, text):
        return to_minute(int(text[:4]), int(text[5:7]), int(text[8:10]), int(text[11:13]), int(text[14:16]))


class Syslog(Format):
    """Nov 25 08:17:40 host prog[4711]: …, also with a priority: <30>Nov 25 …"""

    pattern = re.compile(r"(?:<\d{1,3}>)?([A-Z][a-z]{2} [ \d]\d \d\d:\d\d):\d\d(?:\.\d+)? (.*)")
    priority = re.compile(r"<(\d{1,3})>")

    def read_minute(self, text):
        month = MONTHS[text[:3]]
        # Nothing is written before it happens.
        year = self.year - (month > self.month)
        return to_minute(year, month, int(text[4:6]), int(text[7:9]), int(text[10:12]))

    def read_rest(self, found):
        kind, message = read_message(found[2])
        if kind == kinds.OTHER and (priority := self.priority.match(found[0])) is not None:
            kind = kinds.OF_SEVERITY[int(priority[1]) & 7]
        return kind, message


class ApacheError(Format):
    """[Wed Nov 25 08:17:40.123456 2026] [core:error] [pid 4711] …"""

    pattern = re.compile(r"\[\w{3} (\w{3} [ \d]\d \d\d:\d\d):\d\d(?:\.\d+)? (\d{4})\] (.*)")
    details = re.compile(r"(?:\[[^\]]*\] ?)*")

    def parse(self, line):
        found = self.pattern.match(line)
        if found is None:
            return None
        text = found[1]
        try:
            minute = to_minute(int(found[2]), MONTHS[text[:3]], int(text[4:6]), int(text[7:9]), int(text[10:12]))
        except (KeyError, ValueError):
            return None
        rest = found[3]
        return minute, kinds.find(rest), normalise(rest[self.details.match(rest).end():] or rest)


ALL = (Access, Iso, Syslog, ApacheError)


class Parser:
    """Reads lines of one file, which mostly have the format of the line before."""

    def __init__(self, year, month):
        self.formats = [cls(year, month) for cls in ALL]

    def parse(self, line):
        """Returns (minute, kind, message), or None for a line without a time."""
        formats = self.formats
        for index, one in enumerate(formats):
            record = one.parse(line)
            if record is not None:
                if index > 0:
                    formats.insert(0, formats.pop(index))
                return record
        return None
