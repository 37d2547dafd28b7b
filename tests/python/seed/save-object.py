# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

from gi.repository import Mpel as mp_event_loop


class ABC(object):
    def __init__(self, a, b, c):
        self.a = a
        self.b = b
        self.c = c

    def calc_c(self):
        self.c = self.a + self.b

    def __repr__(self):
        return "ABC(a=%d, b=%d, c=%d)" % (self.a, self.b, self.c)


a = ABC(1, 2, 0)


def save_object(event):
    if event.event_key == 'a':
        a.a = event.results.a
        a.b = event.results.b
        a.c = event.results.c
        return True


with mp_event_loop.get_event_loop(output_handlers=save_object) as loop:
    loop.add_event(print, "=====", a, "=====")  # Prints a correctly "ABC(a=1, b=2, c=0)"
    loop.add_event(a.calc_c)  # Does calculation and sends the event back through the output_handler
    # However we have no way of identifying what event/object was returned back to us (in save_object)

    # Try getting the object back with save_result_object
    loop.add_event(a.calc_c, event_key='a')  # We can use the event_key to identify the returned event (in save_object)
    print("Main process", a)  # The multiprocessing has not happened yet. No immediate results.

print("Main process after event loop", a)  # The loop has now waited for all tasks to complete and results are correct.
