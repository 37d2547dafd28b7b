#!/usr/bin/env python3
# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Checks the log analyser: check-logs.py PICTURE, on a display.

The window is saved as the picture, for people to look at.
"""

import collections
import gc
import gzip
import math
import os
import random
import signal
import subprocess
import sys
import tempfile
import weakref

import kinds
import logs  # first, it says which versions are wanted
import shot
import tap
import window as windows
from gi.repository import Gdk, Gio, GLib
from marked import find_marked

PICTURE = sys.argv[1]
FOLDER = tempfile.TemporaryDirectory()
# 24 Nov 2026, 00:00
START = 1795478400 // 60
MINUTES = 1440
LEVELS = {"ERROR": kinds.ERROR, "WARN": kinds.WARNING, "INFO": kinds.INFO, "DEBUG": kinds.DEBUG}
MESSAGES = {
    "ERROR": ("postgres", "could not connect to 10.0.3.{0}: connection refused", "app", "job {0} failed: disk full"),
    "WARN": ("app", "request {0} took {0} ms", "sshd", "failed password for root from 10.0.0.{0} port {0}"),
    "INFO": ("app", "session {0} was opened", "cron", "job {0} has ended", "app", "session {0} was closed"),
    "DEBUG": ("app", "cache miss for key {0}", "app", "pool has {0} connections"),
}
# Frames until sizes no longer change.
FRAMES_TO_SETTLE = 15

application = logs.Application()


class Log:
    """A log that was written, and counts that were kept meanwhile."""

    def __init__(self, name, n_a_minute, seed=1):
        self.path = os.path.join(FOLDER.name, name)
        self.counts = collections.Counter()  # (level, message, minute) → lines
        self.n_lines = 0
        random_ = random.Random(seed)
        with open(self.path, "w") as file:
            for minute in range(MINUTES):
                self._write_minute(file, random_, minute, n_a_minute)

    def _write_minute(self, file, random_, minute, n_a_minute):
        is_bad = 700 <= minute < 740
        busy = 1 + 0.6 * math.sin(minute / MINUTES * 4 * math.pi) + (2 if is_bad else 0)
        for i in range(int(n_a_minute * busy * (0.8 + 0.4 * random_.random()))):
            weights = (30, 10, 50, 10) if is_bad else (2, 6, 70, 22)
            level = random_.choices(list(LEVELS), weights)[0]
            choice = random_.randrange(len(MESSAGES[level]) // 2) * 2
            program, message = MESSAGES[level][choice : choice + 2]
            words = message.format(random_.randrange(2, 250))
            time = f"2026-11-24T{minute // 60:02}:{minute % 60:02}:{i % 60:02}+0000"
            file.write(f"{time} web1 {program}[{i + 100}]: {level} {words}\n")
            self.counts[level, f"{program}: {message}", minute] += 1
            self.n_lines += 1

    def count(self, is_wanted):
        """How many lines there are of which is_wanted (level, message, minute)."""
        return sum(n for key, n in self.counts.items() if is_wanted(*key))


def run_story(function):
    application.activate()
    window = application.get_windows()[0]
    try:
        function(window)
    finally:
        window.close()
        tap.iterate_until(lambda: not application.get_windows())
    return weakref.ref(window), weakref.ref(window.analysis)


def story(function):
    """A window of its own for a test, of which nothing is left."""

    def test():
        references = run_story(function)
        for _ in range(3):
            gc.collect()
            while GLib.MainContext.default().iteration(False):
                pass
        tap.equal([reference() for reference in references], [None, None])
        tap.equal(tap.children(), [])

    test.__doc__ = function.__doc__
    return test


def open_paths(window, *paths):
    window.open(list(paths))


def wait_until_settled(window):
    tap.iterate_until(lambda: window.is_settled)


def wait_for_frames(window, n):
    seen = []
    window.add_tick_callback(lambda *_: len(seen) < n and (seen.append(1) or True))
    tap.iterate_until(lambda: len(seen) >= n)


def sum_bars(answer):
    return sum(map(sum, answer.bars.values()))


@story
def read_one(window):
    """A log is read with progress, what was found meanwhile is shown, and at the end all of it"""
    fractions, partial = [], []

    def watch(window, clock):
        fractions.append(window.analysis.fraction)
        if window.analysis.is_reading and window.answer is not None:
            partial.append(window.answer.n_lines)
        return True

    wait_for_frames(window, 5)
    window.add_tick_callback(watch)
    open_paths(window, LARGE.path)
    tap.equal((window.analysis.is_reading, window.progress.get_reveal_child()), (True, True))
    wait_until_settled(window)
    assert fractions == sorted(fractions) and any(0 < fraction < 1 for fraction in fractions), fractions
    assert partial == sorted(partial) and any(0 < n < LARGE.n_lines for n in partial), partial

    tap.equal(window.analysis.errors, [])
    tap.equal(window.describe(), f"{LARGE.n_lines:,} lines")
    answer = window.answer
    tap.equal((answer.n_lines, sum_bars(answer)), (LARGE.n_lines, LARGE.n_lines))
    tap.equal((answer.first, answer.last, answer.width), (START, START + MINUTES - 1, 15))
    for level, kind in LEVELS.items():
        tap.equal(answer.of_kind[kind], LARGE.count(lambda one, message, minute: one == level))
        expected = [0] * 96
        for (one, message, minute), n in LARGE.counts.items():
            expected[minute // 15] += n * (one == level)
        tap.equal(answer.bars[kind], expected)
    tap.equal(window.progress.get_reveal_child(), False)
    print(f"# {window.describe()}; longest gap between two frames {window.meter.longest_ms:.1f} ms")


def find_expected(log, is_wanted):
    """What the list is to show."""
    counts = collections.Counter()
    for (level, message, minute), n in log.counts.items():
        if is_wanted(level, message, minute):
            counts[message.replace("10.0.3.{0}", "#").replace("10.0.0.{0}", "#").replace("{0}", "#")] += n
    return sorted(((f"{n:,}", message) for message, n in counts.items()), key=lambda row: row[1])


def check_list(window, is_wanted):
    wait_until_settled(window)
    shown = window.messages.get_shown()
    tap.equal(sorted(shown, key=lambda row: row[1]), find_expected(SMALL, is_wanted))
    counts = [int(text.replace(",", "")) for text, message in shown]
    tap.equal(counts, sorted(counts, reverse=True))
    tap.equal(window.answer.n_lines, SMALL.count(is_wanted))


def drag(plot, start, end):
    """Drags from one bar into another, over all that are between."""
    width = plot.get_bar_width()
    x = plot.find_x(plot.answer.start) + (start + 0.5) * width
    plot.drag.emit("drag-begin", x, 50)
    for bar in range(start, end + 1):
        plot.drag.emit("drag-update", (bar - start) * width, 0)
    plot.drag.emit("drag-end", (end - start) * width, 0)


def click(plot, bar):
    plot.drag.emit("drag-begin", plot.find_x(plot.answer.start) + (bar + 0.5) * plot.get_bar_width(), 50)
    plot.drag.emit("drag-end", 0, 0)


def is_full(level, message, minute):
    return "job" in message and "failed" in message


@story
def narrow(window):
    """Levels and words narrow the list, and Escape takes that back"""
    open_paths(window, SMALL.path)
    check_list(window, lambda level, message, minute: True)

    window.kinds.buttons[kinds.INFO].set_active(False)
    check_list(window, lambda level, message, minute: level != "INFO")
    assert kinds.INFO not in window.answer.bars
    window.kinds.buttons[kinds.INFO].set_active(True)

    window.activate_action("win.find", None)
    window.search.set_text("JOB failed")
    tap.iterate_until(lambda: window.answer.n_lines == SMALL.count(is_full))
    check_list(window, is_full)
    window.activate_action("win.back", None)
    tap.iterate_until(lambda: window.answer.n_lines == SMALL.n_lines)
    window.messages.emit("activate", window.messages.get_shown().index(find_expected(SMALL, is_full)[0]))
    tap.iterate_until(lambda: window.answer.n_lines == SMALL.count(is_full))
    check_list(window, is_full)
    window.activate_action("win.back", None)
    tap.iterate_until(lambda: window.answer.n_lines == SMALL.n_lines)


@story
def choose_times(window):
    """A range of time narrows the list, by mouse and by keyboard"""
    open_paths(window, SMALL.path)
    check_list(window, lambda level, message, minute: True)
    wait_for_frames(window, FRAMES_TO_SETTLE)

    drag(window.plot, 46, 49)
    tap.equal(window.plot.span, (START + 46 * 15, START + 50 * 15 - 1))
    check_list(window, lambda level, message, minute: 690 <= minute < 750)
    tap.equal(sum_bars(window.answer), SMALL.n_lines)
    check_picture(window)

    right = (Gdk.KEY_Right, 0, Gdk.ModifierType.SHIFT_MASK)
    window.plot.keys.emit("key-pressed", *right)
    check_list(window, lambda level, message, minute: 690 <= minute < 765)
    window.plot.keys.emit("key-pressed", Gdk.KEY_Left, 0, Gdk.ModifierType(0))
    check_list(window, lambda level, message, minute: 675 <= minute < 750)
    window.activate_action("win.back", None)
    check_list(window, lambda level, message, minute: True)
    click(window.plot, 3)
    check_list(window, lambda level, message, minute: 45 <= minute < 60)
    lines = window.plot.describe_bar(3).splitlines()
    tap.equal(lines[0], "24 Nov 2026, 00:45 to 00:59")
    tap.equal(len(lines), 1 + len(LEVELS))
    click(window.plot, 7)
    tap.equal(window.plot.span, None)


def check_picture(window):
    wait_for_frames(window, FRAMES_TO_SETTLE)
    assert shot.save(window, PICTURE)
    with open(PICTURE, "rb") as file:
        assert file.read(4) == b"\x89PNG"


@story
def cancel(window):
    """Escape stops reading and keeps what there is; the next log is read as a whole"""
    tap.equal(application.get_accels_for_action("win.back"), ["Escape"])
    open_paths(window, LARGE.path)
    tap.iterate_until(lambda: window.analysis.table.n_lines > 0)
    tap.equal(window.analysis.is_reading, True)
    window.activate_action("win.back", None)
    wait_until_settled(window)
    n = window.analysis.table.n_lines
    assert 0 < n < LARGE.n_lines, n
    tap.equal((window.describe(), window.answer.n_lines), (f"{n:,} lines, cancelled", n))
    tap.equal(window.analysis.errors, [])

    open_paths(window, LARGE.path)
    tap.iterate_until(lambda: window.analysis.table.n_lines > 0)
    # The other is not waited for: nothing of it may come in.
    open_paths(window, SMALL.path)
    check_list(window, lambda level, message, minute: True)
    tap.equal(window.describe(), f"{SMALL.n_lines:,} lines")


def write(name, data):
    path = os.path.join(FOLDER.name, name)
    with open(path, "wb") as file:
        file.write(data)
    return path


@story
def read_many(window):
    """Several logs are one, also compressed ones; those that are none say so in the window"""
    with open(SMALL.path, "rb") as file:
        data = file.read()
    web = b'h - - [24/Nov/2026:12:00:00 +0000] "GET /a/7 HTTP/1.1" 503 0\nno time\n'
    open_paths(
        window,
        write("packed.log.gz", gzip.compress(data, 1)),
        SMALL.path,
        write("access.log", web),
        write("program", b"\x7fELF\0"),
        write("broken.gz", gzip.compress(data, 1)[:5000]),
        os.path.join(FOLDER.name, "missing.log"),
        FOLDER.name,
        write("empty.log", b""),
    )
    wait_until_settled(window)
    tap.equal(window.describe(), f"{2 * SMALL.n_lines + 2:,} lines, 1 without a time")
    tap.equal(window.answer.of_kind[kinds.HTTP_5], 1)
    cut = "The compressed file is broken: Compressed file ended before the end-of-stream marker was reached"
    expected = [
        ("broken.gz", cut),
        ("empty.log", "The file is empty"),
        ("missing.log", "No such file or directory"),
        ("program", "This is not a text file"),
        (os.path.basename(FOLDER.name), "This is not a file"),
    ]
    tap.equal(sorted(window.errors.shown), sorted(f"{name}: {message}" for name, message in expected))


@story
def lose_worker(window):
    """A worker that dies while it reads is told of in the window, which reads on with another"""
    open_paths(window, LARGE.path)
    tap.iterate_until(lambda: window.analysis.table.n_lines > 0)
    for pid in tap.children():
        os.kill(int(pid), signal.SIGKILL)
    wait_until_settled(window)
    assert window.errors.shown[0].startswith("large.log: The worker was lost"), window.errors.shown
    window.drop.emit("drop", Gdk.FileList.new_from_list([Gio.File.new_for_path(SMALL.path)]), 0, 0)
    check_list(window, lambda level, message, minute: True)
    tap.equal(window.errors.shown, [])


@story
def close_while_reading(window):
    """A window that is closed while it reads ends its workers"""
    open_paths(window, LARGE.path, LARGE.path)
    tap.iterate_until(lambda: window.analysis.table.n_lines > 0)
    tap.equal(len(tap.children()) > 0, True)


def end_program():
    """The program reads what the command line names; its workers end with it, even if it is killed"""
    mark = f"MPEL_LOGS_CHECK={os.getpid()}"
    environment = dict([mark.split("=")], **os.environ)
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "logs.py")
    with subprocess.Popen([sys.executable, program, LARGE.path], env=environment) as process:
        while len(find_marked(mark)) < 2:
            assert process.poll() is None, process.returncode
            os.sched_yield()
        process.send_signal(signal.SIGKILL)
    while find_marked(mark):
        os.sched_yield()


def main():
    application.set_flags(application.get_flags() | Gio.ApplicationFlags.NON_UNIQUE)
    GLib.set_prgname("logs")
    application.register()
    # So that much is shown before the end, however fast this machine is.
    windows.SHOWN_EVERY_MS = 20
    tap.run(read_one, narrow, choose_times, cancel, read_many, lose_worker, close_while_reading, end_program)


if __name__ == "__main__":
    SMALL = Log("small.log", 8)
    LARGE = Log("large.log", 40)
    main()
