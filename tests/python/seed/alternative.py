# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

from gi.repository import Mpel as mp_event_loop

def add_one(value):
    return value + 1


results = []

def save_results(event):
    results.append(event.results)

mp_event_loop.run([{'target': add_one, 'args': (1,)},
                   {'target': add_one, 'args': (2,)},
                   {'target': add_one, 'args': (3,)},
                  ], save_results)

mp_event_loop.add_event(add_one, 4)

mp_event_loop.wait()

print("Results summed:", sum(results))
# Results summed: 14
