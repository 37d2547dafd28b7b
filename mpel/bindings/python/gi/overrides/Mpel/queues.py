# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Queues are words for what loops share."""

import weakref

from .base import raw

known = weakref.WeakValueDictionary()


class Queue:
    """What the loops that were given the same object have in common.

    Events go to the loop that has the fewest, whatever loop they are added to.
    """

    def __init__(self, given=None):
        self.given = given
        self.refs = []

    @property
    def loops(self):
        return [loop for loop in (ref() for ref in self.refs) if loop is not None]

    def join_loop(self, loop):
        self.refs = [ref for ref in self.refs if ref() is not None]
        self.refs.append(weakref.ref(loop))

    def tell_loops(self):
        """A loop that has nothing to do with others need not ask."""
        loops = self.loops
        for loop in loops:
            loop._queue = self if len(loops) > 1 or loop._is_consumed else None

    def choose_consumer(self):
        """Of loops that share what has ended, the first that wants results is told of those of all."""
        loops = self.loops
        if len(loops) < 2:
            return
        consumer = next((loop for loop in loops if loop._wants_results), loops[0])
        consumer.set_consumer(None)
        for loop in loops:
            if loop is not consumer:
                loop.set_consumer(consumer)
            raw.EventLoop.set_has_results(loop, consumer._wants_results)

    def choose(self, loop):
        """Returns the loop for the next event that is added to @loop."""
        return min(self.loops, key=lambda other: (other.get_n_pending(), other is not loop))

    def put(self, event):
        """Adds an event to one of the loops."""
        self.loops[0].add_event(event)

    def empty(self):
        return self.qsize() == 0

    def qsize(self):
        return sum(loop.get_n_pending() for loop in self.loops)

    def join(self):
        """Waits until all events have ended."""
        for loop in self.loops:
            loop.wait()


def find_queue(given, loop):
    """The queue that @given stands for, which may be any object."""
    if isinstance(given, Queue):
        queue = given
    elif given is None:
        queue = Queue()
    else:
        queue = known.get(id(given))
        if queue is None or queue.given is not given:
            queue = Queue(given)
            known[id(given)] = queue
    queue.join_loop(loop)
    return queue
