# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What this library is compared with: events that travel through the queues of multiprocessing.

A process takes events from one JoinableQueue, runs them, and puts them into another; a thread takes
them from there and hands each to the output handlers. Written for the benchmark, from nothing but
the standard library, after the description of the seed.

Both ends of the seed look again and again whether they are still wanted: they wait for the next
event with a timeout, and ask an alive event between two. PollingLoop does that, and is what the
targets are about. BlockingLoop waits without a timeout and ends when it gets None, which is as fast
as such queues can be; nobody is asked to be compared with that alone.
"""

import multiprocessing
import queue
import threading
import traceback

# Forked workers have the functions of this program without being sent anything.
context = multiprocessing.get_context("fork")
# How long they wait before they look whether they are wanted.
PATIENCE_S = 0.25


class Event:
    """What to call; in the worker it gets what came of that, and travels back."""

    def __init__(self, target, args=(), kwargs=None, has_output=True, event_key=None):
        self.target = target
        self.args = args
        self.kwargs = kwargs or {}
        self.has_output = has_output
        self.event_key = event_key
        self.results = None
        self.error = None

    def execute(self):
        try:
            self.results = self.target(*self.args, **self.kwargs)
        except Exception as error:
            self.error = error


def execute(event, results):
    event.execute()
    if event.has_output:
        results.put(event)


class Loop:
    """What both have in common."""

    def __init__(self):
        self.events = context.JoinableQueue()
        self.results = context.JoinableQueue()
        self.handlers = []
        self.process = context.Process(target=self.run_events, daemon=True)
        self.thread = threading.Thread(target=self.run_results, daemon=True)

    def start(self):
        self.process.start()
        self.thread.start()

    def add_event(self, target, *args, **kwargs):
        self.events.put(Event(target, args, kwargs))

    def wait(self):
        """Until all were run, and their handlers too."""
        self.events.join()
        self.results.join()

    def process_output(self, event):
        for handler in self.handlers:
            try:
                if handler(event):
                    return
            except Exception:
                traceback.print_exc()

    def get_pid(self):
        return self.process.pid

    def close(self):
        self.wait()
        self.end()
        self.process.join()
        self.thread.join()


class PollingLoop(Loop):
    """As the seed does it."""

    def __init__(self):
        self.alive = context.Event()
        super().__init__()

    def start(self):
        self.alive.set()
        super().start()

    def run_events(self):
        while self.alive.is_set():
            try:
                event = self.events.get(timeout=PATIENCE_S)
            except queue.Empty:
                continue
            execute(event, self.results)
            self.events.task_done()

    def run_results(self):
        while self.alive.is_set():
            try:
                event = self.results.get(timeout=PATIENCE_S)
            except queue.Empty:
                continue
            self.process_output(event)
            self.results.task_done()

    def end(self):
        self.alive.clear()


class BlockingLoop(Loop):
    """The same without looking."""

    def run_events(self):
        while (event := self.events.get()) is not None:
            execute(event, self.results)
            self.events.task_done()

    def run_results(self):
        while (event := self.results.get()) is not None:
            self.process_output(event)
            self.results.task_done()

    def end(self):
        self.events.put(None)
        self.results.put(None)
