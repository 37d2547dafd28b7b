# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

import os
import time

import gi

gi.require_version("Mpel", "1")
from gi.repository import Mpel  # noqa: E402


class TooSmall(ValueError):
    def __init__(self, size, limit):
        super().__init__(f"{size} is less than {limit}")
        self.size = size


def check(size, limit=10):
    if size < limit:
        raise TooSmall(size, limit)
    return size


def add_events(loop):
    step = 2
    events = [
        loop.add_event(check, 12),
        loop.add_event(check, 5, limit=3),
        loop.add_event(check, args=(7,), kwargs={"limit": 6}),
        loop.add_event(lambda size: size + step, 12),
        loop.add_event("text".upper),
        loop.add_event(os.path.basename, "/a/b"),
    ]
    loop.wait()
    print([event.results for event in events])


def fail(loop):
    event = loop.add_event(check, 5)
    loop.wait()
    print(repr(event.error), event.error.size)
    print("in check" in str(event.error.__cause__))


def crash(loop):
    event = loop.add_event(os._exit, 1)
    loop.wait()
    print(event.error.matches(Mpel.loop_error_quark(), Mpel.LoopError.WORKER_LOST))
    event = loop.add_event(check, 30)  # another worker is started
    loop.wait()
    print(event.results)


def show_sizes(event):
    if event.event_key != "size":
        return False
    print(event.results)
    return True  # no more handlers for this one


def handle(loop):
    loop.insert_output_handler(0, show_sizes)
    loop.add_event(check, 20, event_key="size")
    loop.add_event(check, 30, has_output=False)  # no handler hears of it
    loop.wait()
    loop.remove_output_handler(show_sizes)


class CountWords(Mpel.Event):
    def __init__(self, text, **kwargs):
        super().__init__(None, text, **kwargs)

    def run(self):
        words = self.args[0].split()
        self.longest = max(words, key=len)
        return len(words)


def add_own_kind(loop):
    event = loop.add_event(CountWords("all is well"))
    loop.wait()
    print(event.results, event.longest)


def cancel(loop):
    slow = Mpel.Event(time.sleep, 3600)
    slow.set_timeout(100)
    loop.add_event(slow)
    waiting = loop.add_event(check, 40)
    waiting.cancel()
    loop.wait()
    print(slow.error.message)
    print(waiting.get_state() == Mpel.EventState.CANCELLED)


loop = Mpel.EventLoop(output_handlers=lambda event: True, name="checks", cancel_grace=50)
with loop:
    add_events(loop)
    fail(loop)
    crash(loop)
    handle(loop)
    add_own_kind(loop)
    cancel(loop)
