# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

import gi

gi.require_version("Mpel", "1")
from gi.repository import Mpel  # noqa: E402


def count_primes(limit):
    return sum(all(n % k for k in range(2, int(n**0.5) + 1)) for n in range(2, limit))


def show(event):
    print(event.args[0], event.results)


with Mpel.get_event_loop(show):
    for limit in (10, 1000, 100_000):
        Mpel.add_event(count_primes, limit)
