# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Where a plot has its marks, and what stands beside them. Minutes are those since 1970."""

import time

DAY = 1440
# Minutes between two marks of time, as clocks and calendars have them.
STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 28 * DAY, 91 * DAY, 364 * DAY)


def format_minute(minute, pattern):
    return time.strftime(pattern, time.gmtime(minute * 60))


def find_step(top, n_marks):
    """The distance of marks from 0 to top: 1, 2 or 5 with zeros behind it."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if step * factor * n_marks >= top:
                return step * factor
        step *= 10


def find_counts(top, n_marks):
    """The counts that have a mark, the first above 0 to the last, which is no less than top."""
    step = find_step(top, n_marks)
    n = max(1, -(-top // step))
    return [step * i for i in range(1, n + 1)]


def find_times(start, end, n_marks):
    """The minutes from start to end that have a mark, and what it says."""
    step = next((step for step in STEPS if (end - start) // step < n_marks), (end - start) // n_marks + 1)
    first = -(-start // step) * step
    return [(minute, format_time(minute, step)) for minute in range(first, end + 1, step)]


def format_time(minute, step):
    if step >= 91 * DAY:
        return format_minute(minute, "%b %Y")
    return format_minute(minute, "%H:%M" if step < DAY and minute % DAY else "%-d %b")


def format_count(n):
    return f"{n:,}"


def format_width(width):
    """What one bar is, in words."""
    for size, name in ((7 * DAY, "week"), (DAY, "day"), (60, "hour"), (1, "minute")):
        if width % size == 0:
            n = width // size
            return f"per {name}" if n == 1 else f"per {n} {name}s"


def format_span(first, last):
    """From the first to the last minute."""
    if first // DAY == last // DAY:
        return format_minute(first, "%-d %b %Y, %H:%M") + format_minute(last, " to %H:%M")
    return format_minute(first, "%-d %b %Y, %H:%M") + format_minute(last, " to %-d %b %Y, %H:%M")
