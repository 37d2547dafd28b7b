# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""bench-python.py [ROUNDS [EVENTS]]

Measures the library from Python, end to end, taking turns in one run with what one would do
without it:

- seed: a process and a thread with two JoinableQueues, as the seed of this library has it. They
  wait with a timeout, and look at an alive event; see seedlike.py
- queues: the same, but waiting without a timeout and without looking
- submit: concurrent.futures.ProcessPoolExecutor (1), with a callback for each future

All of them call the same function with the same arguments as often. A round begins with the first
event that is added and ends when the handler has got the results of all, and what it got is
checked. Each has had a round before those that count. Collecting garbage is left to Python.

Prints a line for each figure: its name, unit, what the ratio has to be (0: nothing), then for each
round the figure of this library and of the other. “-cpu” is the time that all processors of both
processes spent for an event; it says more than the rate where others use the machine too.
tests/bench/bench runs this.
"""

import concurrent.futures
import os
import sys
import time

import gi
import seedlike

gi.require_version("Mpel", "1")
from gi.repository import Mpel  # noqa: E402

try:
    import numpy
except ImportError:
    numpy = None

ARRAY_BYTES = 64 * 1024 * 1024
TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def plus_one(value):
    return value + 1


def give_back(value):
    return value


def get_cpu_s(pid):
    """Of all threads of a process, in all its life."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


# Those that take turns.


class Ours:
    name = "mpel"

    def __init__(self):
        self.loop = Mpel.EventLoop()
        self.loop.start()
        self.add = self.loop.add_event
        self.wait = self.loop.wait

    def set_handler(self, handler):
        self.loop.output_handlers[:] = [lambda event: handler(event.results)]

    def get_pid(self):
        return self.loop.get_worker_pid()

    def close(self):
        self.loop.close()


class Queues:
    def __init__(self, name, loop_class):
        self.name = name
        self.loop = loop_class()
        self.loop.start()
        self.add = self.loop.add_event
        self.wait = self.loop.wait

    def set_handler(self, handler):
        self.loop.handlers[:] = [lambda event: handler(event.results)]

    def get_pid(self):
        return self.loop.get_pid()

    def close(self):
        self.loop.close()


class Submit:
    name = "submit"

    def __init__(self):
        self.executor = concurrent.futures.ProcessPoolExecutor(1, mp_context=seedlike.context)
        self.pid = self.executor.submit(os.getpid).result()
        self.handler = None
        self.futures = []

    def set_handler(self, handler):
        self.handler = handler

    def add(self, function, *args):
        future = self.executor.submit(function, *args)
        future.add_done_callback(lambda future: self.handler(future.result()))
        self.futures.append(future)

    def wait(self):
        concurrent.futures.wait(self.futures)
        self.futures.clear()

    def get_pid(self):
        return self.pid

    def close(self):
        self.executor.shutdown()


# What they do.


def run_events(way, n_events):
    """Returns how many events there were per second, and how many µs of processor each took."""
    results = []
    way.set_handler(results.append)
    pids = os.getpid(), way.get_pid()
    cpu_before = sum(map(get_cpu_s, pids))
    add = way.add
    begin = time.perf_counter()
    for i in range(n_events):
        add(plus_one, i)
    way.wait()
    seconds = time.perf_counter() - begin
    cpu_us = (sum(map(get_cpu_s, pids)) - cpu_before) * 1e6 / n_events
    if results != list(range(1, n_events + 1)):
        raise AssertionError(f"{way.name} got something else")
    return n_events / seconds, max(cpu_us, 0.01)


def run_array(way, array):
    """Returns how many milliseconds it took there and back, and a look at what came."""
    results = []
    way.set_handler(results.append)
    begin = time.perf_counter()
    way.add(give_back, array)
    way.wait()
    seconds = time.perf_counter() - begin
    (came,) = results
    if came[0] != array[0] or came[-1] != array[-1] or came.nbytes != array.nbytes:
        raise AssertionError(f"{way.name} gave something else")
    return seconds * 1e3


def take_turns(ways, n_rounds, run):
    """Returns the figures of each, round by round; a round in front does not count."""
    figures = {way: [] for way in ways}
    for n_round in range(n_rounds + 1):
        for way in ways:
            figure = run(way)
            if n_round > 0:
                figures[way].append(figure)
    return figures


def report(name, unit, target, ours, theirs):
    pairs = (f"{figure:.3f}" for pair in zip(ours, theirs) for figure in pair)
    print(name, unit, target, *pairs, flush=True)


def measure_events(ways, targets, n_rounds, n_events):
    ours = ways[0]
    figures = take_turns(ways, n_rounds, lambda way: run_events(way, n_events))
    for way in ways[1:]:
        rates = ([rate for rate, cpu in figures[each]] for each in (ours, way))
        report(f"python-vs-{way.name}", "events/s", targets[way.name], *rates)
    for way in ways[1:]:
        times = ([cpu for rate, cpu in figures[each]] for each in (ours, way))
        report(f"python-vs-{way.name}-cpu", "µs", 0, *times)


def measure_array(ways, targets, n_rounds):
    """The unit is such that more is better, as for the others."""
    if numpy is None:
        print("python arrays: not measured, since there is no python3-numpy", file=sys.stderr)
        return
    ours = ways[0]
    array = numpy.arange(ARRAY_BYTES // 8, dtype=numpy.int64)
    figures = take_turns(ways, n_rounds, lambda way: run_array(way, array))
    for way in ways[1:]:
        rates = ([1e3 / ms for ms in figures[each]] for each in (ours, way))
        report(f"python-64MiB-vs-{way.name}", "arrays/s", targets[way.name], *rates)


def main(n_rounds, n_events):
    # Those that fork are made first.
    seed = Queues("seed", seedlike.PollingLoop)
    queues = Queues("queues", seedlike.BlockingLoop)
    submit = Submit()
    ways = Ours(), seed, queues, submit
    measure_events(ways, {"seed": 3, "queues": 0, "submit": 4}, n_rounds, n_events)
    measure_array(ways, {"seed": 5, "queues": 0, "submit": 0}, n_rounds)
    for way in ways:
        way.close()


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]]
    main(*numbers, *(7, 20000)[len(numbers) :])
