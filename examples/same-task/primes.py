#!/usr/bin/python3
# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later
import asyncio
import sys
import gi
gi.require_version("Mpel", "1")
from gi.repository import Mpel


def count_primes(end):  # in the worker
    if end < 2:
        raise ValueError("below 2 there are none")
    n_primes = 0
    for n in range(2, end):
        n_primes += all(n % k for k in range(2, int(n**0.5) + 1))
        if n % 1000 == 0:
            Mpel.get_invocation().progress(n / end)
    return n_primes


def show_progress(fraction, message):  # in the host
    print(f"{100 * fraction:.0f} %", file=sys.stderr)


async def main(end=1000000):
    with Mpel.EventLoop() as loop:
        try:
            n_primes = await loop.call_with(count_primes, (int(end),), progress=show_progress)
            print(n_primes, "primes")
        except ValueError as error:
            print("no primes:", error)


asyncio.run(main(*sys.argv[1:]))
