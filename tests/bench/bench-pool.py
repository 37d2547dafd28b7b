# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""bench-pool.py [ROUNDS]

Measures a pool of two workers in Python against ProcessPoolExecutor(2): the same function, one job
for each of the same arguments, taking turns. Prints a line for each size of job: its name, the unit,
what the ratio has to be, then for each round the jobs per second of the one and of the other.
tests/bench/bench runs this.
"""

import concurrent.futures
import sys
import time

import gi

gi.require_version("Mpel", "1")
from gi.repository import GLib, Mpel  # noqa: E402

# Milliseconds of a job, and how many of them a round has.
SIZES = ((1, 1200), (10, 120), (100, 16))


def compute(n_steps):
    total = 0
    for i in range(n_steps):
        total += i * i % 7
    return total


def calibrate():
    """Returns how many steps take a millisecond; what disturbs only slows down."""
    best = float("inf")
    for _ in range(10):
        begin = time.perf_counter()
        compute(100000)
        best = min(best, time.perf_counter() - begin)
    return 100000 / best / 1000


# Ours.


def run_worker(worker):
    worker.add_function("compute", lambda invocation, args, kwargs: GLib.Variant("x", compute(*args)))
    return worker.run()


class Ours:
    def __init__(self):
        self.pool = Mpel.Pool.new(2)
        self.pool.start()

    def map(self, arguments):
        results = self.pool.map("compute", GLib.Variant("ax", arguments), Mpel.MapPolicy.STOP, None)
        return results.unpack()

    def close(self):
        self.pool.close(None)


# The baseline.


class Executor:
    def __init__(self):
        self.executor = concurrent.futures.ProcessPoolExecutor(2)

    def map(self, arguments):
        return list(self.executor.map(compute, arguments, chunksize=1))

    def close(self):
        self.executor.shutdown()


def run(pool, arguments, expected):
    begin = time.perf_counter()
    results = pool.map(arguments)
    seconds = time.perf_counter() - begin
    if results != expected:
        raise AssertionError(f"{type(pool).__name__} computed something else")
    return len(arguments) / seconds


def main(n_rounds):
    # It forks, which is best done first.
    pools = Executor(), Ours()
    executor, ours = pools
    n_steps_per_ms = calibrate()
    for pool in pools:
        pool.map([100000] * 20)

    for ms, n_jobs in SIZES:
        arguments = [int(n_steps_per_ms * ms)] * n_jobs
        expected = [compute(arguments[0])] * n_jobs
        figures = []
        for _ in range(n_rounds):
            figures += run(ours, arguments, expected), run(executor, arguments, expected)
        print(f"pool-vs-executor-{ms}ms", "jobs/s", 1, *(f"{figure:.2f}" for figure in figures), flush=True)

    for pool in pools:
        pool.close()


if __name__ == "__main__":
    worker = Mpel.Worker.get_default()
    if worker is not None:
        sys.exit(run_worker(worker))

    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
