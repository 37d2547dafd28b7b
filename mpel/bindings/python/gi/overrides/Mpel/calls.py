# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Runs calls in the worker: payloads in, payloads or exceptions out."""

import importlib
import sys
import types

from gi.repository import GLib

from . import aio, buffers, byvalue, coroutines, errors, objects, values
from .answers import Generator, Pickled, Plain, flush, give
from .invocation import RawInvocation
from .payload import MODE_ITEMS, MODE_STREAM, MODE_VALUE

get_payload = RawInvocation.get_payload
CoroutineType = types.CoroutineType
MethodType = types.MethodType
GeneratorType = types.GeneratorType
AsyncGeneratorType = types.AsyncGeneratorType
# What a function may give that is not its results yet.
LONG = frozenset((CoroutineType, GeneratorType, AsyncGeneratorType))
GENERATORS = frozenset((GeneratorType, AsyncGeneratorType))
ITERATED = (MODE_ITEMS, MODE_STREAM)

current = None  # the Calls of this process, in a worker


class Calls:
    """The Python side of a worker, with what it knows by name."""

    def __init__(self, worker, codec):
        self.worker = worker
        self.codec = codec
        self.unwrap = codec.load
        self.pickled = Pickled(codec)
        self.plain = Plain(codec)
        self.names = {}  # "module:qualname" → function
        self.modules = []  # whose functions are targets by their bare names
        self.variables = {}  # name → object
        self.invocation = None  # that which runs on the main thread

    def install(self):
        """For a worker that does nothing else."""
        self.add_python()
        self.add_names()

    def initialize(self, payload):
        """Runs the initializer of the host before the first event; what it returns are variables."""

        def run():
            variables = self.load(payload)()
            if isinstance(variables, dict):
                self.variables.update(variables)

        return self.prepare(run)

    def prepare(self, function):
        """Runs what may fail before the first event."""
        try:
            function()
        except BaseException as error:
            name, message, text = errors.describe(error, self.codec.dumps_small)
            print(errors.split(text)[0], end="", file=sys.stderr, flush=True)
            raise GLib.Error.new_literal(errors.LOOP_ERROR, f"{name}: {message}", errors.LoopError.FAILED)
        return True

    def load(self, data):
        """What the host has made with dumps, as a tuple of one."""
        return self.codec.load(data)[0]

    def resolve(self, name):
        """Finds “module:qualname”."""
        try:
            return self.names[name]
        except KeyError:
            pass
        module_name, _, path = name.partition(":")
        found = importlib.import_module(module_name)
        for part in path.split("."):
            found = getattr(found, part)
        self.names[name] = found
        return found

    def handle(self, invocation):
        """An event of a Python host."""
        outer, self.invocation = self.invocation, invocation
        try:
            data = get_payload(invocation)
            call = self.unwrap(data) if data else self.unwrap(*buffers.read(invocation.get_args()))
            target, args, kwargs = call[0], call[1], call[2]
            mode = call[3] if len(call) == 4 else 0
            kind = type(target)
            if kind is int:
                target = byvalue.fetch(target)
            elif kind is str:
                target = self.names.get(target) or self.resolve(target)
            results = target(*args, **kwargs) if mode != MODE_ITEMS else self.run_special(target, args, kwargs)
            if mode == MODE_STREAM and type(results) not in GENERATORS:
                results = iter(results)
            if type(results) in LONG or (mode in ITERATED and hasattr(results, "__next__")):
                self.go_on(invocation, self.pickled, results, mode)
                return
            data = self.dumps_object(target) if results is None and type(target) is MethodType else None
            data = data or self.codec.dumps_result(results)
        except BaseException as error:
            self.pickled.fail(invocation, error)
            return
        finally:
            self.invocation = outer
        flush()
        give(invocation, data)

    def dumps_object(self, method):
        """A method that returns nothing gives its object: the host has none of what it changed."""
        value = method.__self__
        if isinstance(value, (type, types.ModuleType)):
            return None
        try:
            return self.codec.dumps_result(value)
        except Exception:
            return None

    def run_special(self, target, args, kwargs):
        """For loops that want items: the target may be what gives them."""
        if not callable(target) and is_iterable(target):
            return iter(target)
        results = target(*args, **kwargs)
        return iter(results) if type(results) not in LONG and is_iterable(results) else results

    def go_on(self, invocation, answers, results, mode):
        """For results that come later, or one by one."""
        kind = type(results)
        if kind is CoroutineType or kind is AsyncGeneratorType:
            coroutines.go_on(invocation, answers, results, mode)
        else:
            invocation.set_generator(Generator(self, answers, results, mode).make_next)

    def add_python(self):
        """For a program that is its own worker, and may have handlers of its own."""
        global current

        current = self
        self.worker.add_class(objects.Anchor, objects.Anchor.__gtype_name__)
        self.worker.add_handler("python", self.handle)

    def add_names(self):
        """For hosts that do not speak Python."""
        global current

        current = self
        self.worker.add_handler("*", self.handle_named)

    def handle_named(self, invocation):
        """An event of a host that does not speak Python, or of one that calls by name."""
        outer, self.invocation = self.invocation, invocation
        try:
            function = self.find(invocation.get_target())
            args = values.from_variant(invocation.get_args())
            kwargs = values.from_variant(invocation.get_kwargs())
            results = function(*args, **kwargs)
            if type(results) in LONG:
                self.go_on(invocation, self.plain, results, MODE_VALUE)
                return
        except BaseException as error:
            self.plain.fail(invocation, error)
            return
        finally:
            self.invocation = outer
        self.plain.finish(invocation, results)

    def find(self, name):
        """What a target is called: a registered name, that of a function, or “module:qualname”."""
        function = self.names.get(name) or aio.AsyncManager.COROUTINES.get(name)
        for module in self.modules:
            if function is None and not name.startswith("_"):
                function = getattr(module, name, None)
        if function is None and ":" in name:
            function = self.resolve(name)
        if not callable(function):
            raise GLib.Error.new_literal(
                errors.LOOP_ERROR, f"No target is called “{name}”", errors.LoopError.NO_SUCH_TARGET
            )
        return function


def is_iterable(value):
    return hasattr(value, "__iter__") and not isinstance(value, (type, str, bytes, bytearray, dict))

