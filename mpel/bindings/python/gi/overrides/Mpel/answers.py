# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""How the worker answers: in pickles to hosts that speak Python, in GVariants to all others."""

import sys

from gi.repository import Gio, GLib

from . import byvalue, errors, values
from .base import raw
from .event import EventEnd
from .payload import MODE_VALUE, to_payload

return_payload = raw.Invocation.return_payload
return_value = raw.Invocation.return_value


def flush():
    """What was printed is there before the host hears of the end."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError, AttributeError):
        pass


def give(invocation, data):
    """Answers with what dumps_result has made."""
    if type(data) is bytes:
        return_payload(invocation, data)
    else:
        invocation.return_value(data.to_variant())


def make_cancelled_error():
    return GLib.Error.new_literal(Gio.io_error_quark(), "The event was cancelled", Gio.IOErrorEnum.CANCELLED)


def give_error(invocation, error):
    """Answers with an error that C knows. Returns whether it was one."""
    if isinstance(error, GLib.Error) and error.domain:
        invocation.return_gerror(error)
        return True
    return False


class Answers:
    """What both kinds of hosts have in common."""

    def __init__(self, codec, encode, give):
        self.encode = encode
        self.give = give
        self.dumps_small = codec.dumps_small

    def finish(self, invocation, results):
        try:
            data = self.encode(results)
        except BaseException as error:
            self.fail(invocation, error)
            return
        flush()
        self.give(invocation, data)


class Pickled(Answers):
    """For a host that speaks Python."""

    def __init__(self, codec):
        super().__init__(codec, codec.dumps_result, give)

    def to_variant(self, value):
        data = self.encode(value)
        return to_payload(data) if type(data) is bytes else data.to_variant()

    def end_items(self, invocation, results, mode):
        """For what has given its values one by one."""
        self.finish(invocation, results if mode == MODE_VALUE else EventEnd(results, {"_is_iterated": True}))

    def fail(self, invocation, error):
        flush()
        if give_error(invocation, error):
            return
        if isinstance(error, byvalue.Missing):
            invocation.return_exception(errors.MISSING, str(error), None)
        else:
            invocation.return_exception(*errors.describe(error, self.dumps_small))


class Plain(Answers):
    """For a host that would not know what to do with a pickle."""

    def __init__(self, codec):
        super().__init__(codec, values.to_variant, return_value)
        self.to_variant = self.encode

    def end_items(self, invocation, results, mode):
        self.finish(invocation, results)

    def fail(self, invocation, error):
        flush()
        if give_error(invocation, error):
            return
        name, message, text = errors.describe(error, self.dumps_small)
        invocation.return_exception(name, message, errors.split(text)[0])


class Generator:
    """Yields what an iterator gives; its last word is the results."""

    def __init__(self, calls, answers, iterator, mode):
        self.calls = calls
        self.answers = answers
        self.iterator = iterator
        self.mode = mode

    def make_next(self, invocation):
        outer, self.calls.invocation = self.calls.invocation, invocation
        try:
            variant = self.answers.to_variant(next(self.iterator))
        except StopIteration as end:
            self.answers.end_items(invocation, end.value, self.mode)
            return None
        except BaseException as error:
            self.answers.fail(invocation, error)
            return None
        finally:
            self.calls.invocation = outer
        flush()
        return variant
