# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What has been counted so far, in the host, and questions about it."""

import heapq

import kinds

# Widths of bars, in minutes, that people can name.
WIDTHS = (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080, 20160, 40320)
MAX_BARS = 120
# Nobody reads on for longer.
N_ROWS = 400
# Some tenths of a millisecond of counting.
STEP = 2000


class Row:
    """One message, and when there were how many of it."""

    def __init__(self, kind, message):
        self.kind = kind
        self.message = message
        self.searched = message.lower()
        self.counts = {}  # minute → lines
        self.total = 0


class Filter:
    """What is asked for. The range is in minutes, and includes both ends."""

    def __init__(self, hidden=frozenset(), text="", span=None):
        self.hidden = hidden
        self.words = text.lower().split()
        self.span = span

    def has_text(self, row):
        return all(word in row.searched for word in self.words)


class Answer:
    """What a filter leaves."""

    def __init__(self, first, last):
        self.first = first
        self.last = last
        self.width = find_width(first, last)
        # Bars begin where clocks and calendars do.
        self.start = first - first % self.width
        self.n_bars = (last - self.start) // self.width + 1
        self.bars = {}  # kind → lines of each bar, also beyond the range
        self.of_kind = [0] * len(kinds.NAMES)  # also of those that are hidden
        self.rows = []  # (lines, row), those with most lines, most first
        self.n_rows = 0  # with the others
        self.n_lines = 0


def find_width(first, last):
    for width in WIDTHS:
        if last // width - first // width < MAX_BARS:
            return width
    # Centuries: something is wrong with the clock that wrote this, and it is to be seen.
    return (last - first) // MAX_BARS + 1


class Table:
    """Adds up the parts of all files."""

    def __init__(self):
        self.rows = {}  # (kind, message) → Row
        self.first = None  # minutes
        self.last = None
        self.n_lines = 0
        self.n_untimed = 0

    def add(self, part, known):
        """Adds a part of a file, whose messages so far are known."""
        for key in part.messages:
            row = self.rows.get(key)
            if row is None:
                row = self.rows[key] = Row(*key)
            known.append(row)
        for (number, minute), n in part.counts.items():
            row = known[number]
            row.counts[minute] = row.counts.get(minute, 0) + n
            row.total += n
        self.n_lines += part.n_lines
        self.n_untimed += part.n_untimed
        if part.counts:
            minutes = {minute for number, minute in part.counts}
            if self.first is not None:
                minutes |= {self.first, self.last}
            self.first, self.last = min(minutes), max(minutes)

    def ask(self, wanted):
        """Counts what is wanted: a generator, which takes a short time for each step, and returns an Answer."""
        if self.first is None:
            return None
        answer = Answer(self.first, self.last)
        n_done = 0
        for row in list(self.rows.values()):
            if wanted.has_text(row):
                add_row(answer, row, wanted)
                n_done += len(row.counts)
            n_done += 1
            if n_done >= STEP:
                n_done = 0
                yield
        answer.n_rows = len(answer.rows)
        answer.rows = heapq.nsmallest(N_ROWS, answer.rows, key=lambda found: (-found[0], found[1].message))
        return answer


def add_row(answer, row, wanted):
    n = row.total if wanted.span is None else count_between(row, *wanted.span)
    answer.of_kind[row.kind] += n
    if row.kind in wanted.hidden:
        return
    if n > 0:
        answer.rows.append((n, row))
        answer.n_lines += n
    bars = answer.bars.get(row.kind)
    if bars is None:
        bars = answer.bars[row.kind] = [0] * answer.n_bars
    start, width = answer.start, answer.width
    for minute, lines in row.counts.items():
        # What was read since the question was asked is in the next answer.
        if answer.first <= minute <= answer.last:
            bars[(minute - start) // width] += lines


def count_between(row, first, last):
    return sum(lines for minute, lines in row.counts.items() if first <= minute <= last)
