# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""How events end in the host: what was taken of them, read, and handed to the handlers."""

import traceback

from . import buffers, byvalue, errors, interrupt
from .base import raw
from .event import RawEvent

RawLoop = raw.EventLoop
get_payload = RawEvent.get_payload
take_ended = RawLoop.take_ended
# Once should do. What a worker lacks even then, it will never have.
MAX_AGAIN = 3


def on_exited(loop, pid, reason):
    """What the next worker knows is nothing."""
    if loop._codec is not None:
        loop._known.clear()
        loop._is_prepared = False


def is_missing(event):
    return event._codec is not None and event.get_remote_type() == errors.MISSING


def on_first_done(loop, event):
    return is_missing(event) and send_again(loop, event)


def wait_for_all(loop, cancellable):
    """What is sent again while one waits counts too."""
    while True:
        n_before = loop._sent_again
        done = RawLoop.wait(loop, cancellable)
        if not done or loop._sent_again == n_before:
            return done


def send_again(loop, event):
    """With all it needs. Returns whether it was sent; otherwise that is how it ended."""
    if event._n_again >= MAX_AGAIN:
        return False
    # Who hears of the end may be another loop.
    home = event._home() if event._home is not None else None
    loop = home if home is not None else loop
    loop._sent_again += 1
    event._n_again += 1
    try:
        loop._encode(event, byvalue.Known())
        loop._receive(event)
    except Exception as error:
        event._n_again = MAX_AGAIN
        event.results = None
        event.error = error
        return False
    return True


def on_item(loop, event, value):
    """What an iterator gives is told as the end of an event like it."""
    if not event._mode:
        return
    try:
        item = RawEvent.new(event.get_target(), None, None)
        item.target, item.args, item.kwargs = event.target, event.args, event.kwargs
        item.set_event_key(event.get_event_key())
        item.results = buffers.load(event._codec, value)
        item.error = None
        loop.process_output(item)
    except Exception:
        traceback.print_exc()
    except KeyboardInterrupt:
        interrupt.note_raised()


def on_done(loop, event):
    """The output handler that all loops of Python have, for what take_all does not get."""
    if loop is None:
        return False
    return bool(finish(loop, event, get_payload(event)))


def take_all(loop):
    """Called when events have ended. One call takes many: to be called for each would cost more."""
    while (event := take_ended(loop)) is not None:
        finish(loop, event, get_payload(event))


def finish(loop, event, data):
    """Reads how an event ended, and hands it to the handlers."""
    try:
        codec = event._codec
        if data and codec is not None:
            event._read_payload(codec, data)
        elif codec is not None and event.get_error() is None:
            event._read_end()
        elif is_missing(event) and send_again(loop, event):
            return True
        if event._take_end():
            return True
        return loop.process_output(event)
    except Exception:
        traceback.print_exc()
        return False
    except KeyboardInterrupt:
        interrupt.note_raised()
        return False
