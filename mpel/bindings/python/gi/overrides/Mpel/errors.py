# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Exceptions on their way from the worker to the host."""

import base64
import os
import pickle
import traceback

from gi.repository import Gio, GLib

from .base import LOOP_ERROR, LoopError, raw
from .payload import TARGET

# Stands between a traceback and the exception itself, pickled. Texts that have it lose it, see clean ().
MARK = "\x1e"
# What is larger travels as text only.
MAX_PICKLE = 256 * 1024
# The type name by which a worker says that it lacks values, see pickling.py.
MISSING = "mpel:missing"
FOLDER = os.path.dirname(__file__)


class RemoteError(Exception):
    """An exception of the worker that cannot be made in this process.

    Tells its type as type_name. What it said is the message.
    """

    def __init__(self, type_name, message=""):
        super().__init__(type_name, message)
        self.type_name = type_name
        self.message = message

    def __str__(self):
        return f"{self.type_name}: {self.message}" if self.message else self.type_name


class RemoteTraceback(Exception):
    """The cause of an exception that was raised in the worker: where that was, as text."""

    def __init__(self, text):
        super().__init__(text)
        self.text = text

    def __str__(self):
        return f'\n"""\n{self.text}"""'


def describe(exception, dumps):
    """What invocations need to tell of an exception: its type, its message, its traceback."""
    name = type(exception).__qualname__
    module = type(exception).__module__
    if module not in ("builtins", "__main__"):
        name = f"{module}.{name}"
    try:
        message = str(exception)
    except BaseException as error:
        message = f"(it cannot be told: {type(error).__name__})"
    return name, clean(message), clean(format_all(exception, message)) + pack(exception, dumps)


def format_all(exception, message):
    """Its traceback and itself, as text. Exceptions may have anything where Python looks for more to tell."""
    where = where_from(exception)
    try:
        return "".join(traceback.format_exception(type(exception), exception, where))
    except BaseException:
        lines = traceback.format_list(traceback.extract_tb(where))
        return "".join(["Traceback (most recent call last):\n", *lines, f"{type(exception).__name__}: {message}\n"])


def where_from(exception):
    """Its traceback, without how the function came to be called."""
    where = exception.__traceback__
    while where is not None and os.path.dirname(where.tb_frame.f_code.co_filename) == FOLDER:
        where = where.tb_next
    return where or exception.__traceback__


def clean(text):
    return text.replace("\0", "\\0").replace(MARK, "\\x1e").encode(errors="backslashreplace").decode()


def pack(exception, dumps):
    """The exception itself. What takes arguments of its own is pickled well, and cannot be made anew."""
    for value in (exception, Bare(exception)):
        try:
            data = dumps(value)
            pickle.loads(data)
            break
        except Exception:
            data = None
    if data is None:
        return ""
    return MARK + base64.b85encode(data).decode() if len(data) <= MAX_PICKLE else ""


class Bare:
    """An exception that is made without its constructor."""

    def __init__(self, exception):
        self.exception = exception

    def __reduce__(self):
        return make_bare, (type(self.exception), self.exception.args, self.exception.__dict__)


def make_bare(cls, args, content):
    exception = cls.__new__(cls, *args)
    exception.args = args
    exception.__dict__.update(content)
    return exception


def split(text):
    """Returns the traceback for people, and the pickled exception, if there is one."""
    text, mark, packed = (text or "").partition(MARK)
    return text, base64.b85decode(packed) if mark else None


def from_event(event, loads):
    """The exception by which an event ended."""
    error = event.get_error()
    if not error.matches(LOOP_ERROR, LoopError.REMOTE_EXCEPTION):
        if loads is not None:
            name_function(error, event.target)
        return error
    text, data = split(raw.Event.get_traceback(event))
    exception = None
    if data is not None and loads is not None:
        try:
            exception = loads(data)
        except Exception:
            exception = None
    if not isinstance(exception, BaseException):
        type_name = event.get_remote_type() or "Exception"
        exception = RemoteError(type_name, error.message.removeprefix(f"{type_name}: "))
    if text:
        exception.__cause__ = RemoteTraceback(text)
    return exception


def name_function(error, target):
    """C knows all functions of Python by one name, and tells it."""
    name = getattr(target, "__qualname__", None)
    if name is not None:
        error.message = error.message.replace(f"“{TARGET}”", f"“{name}”")


def is_cancelled(error):
    return isinstance(error, GLib.Error) and error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED)


def print_error(error):
    """For errors that nobody else is told of."""
    if isinstance(error, GLib.Error):
        error = error.with_traceback(None)
    traceback.print_exception(type(error), error, error.__traceback__)
