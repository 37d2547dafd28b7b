# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What carries Python objects: pickle, cloudpickle, dill, or any module like them.

A call is one pickle. Its payload is (function, args, kwargs) or (function, args, kwargs, mode);
where function is a number of a value that was sent before, a name “module:qualname”, or what is
called. Values that the worker lacks travel in front, and it is told what to drop: then the payload
is [bundles, inner payload, dropped].
"""

import functools
import importlib
import io
import pickle

from . import buffers, byvalue
from .byvalue import PROTOCOL, FunctionType

LARGE = buffers.LARGE
plain_dumps = pickle.dumps
find_entry = byvalue.find_entry
loads = pickle.loads
SIMPLE = frozenset((int, float, str, bool, type(None)))


def is_simple(args, kwargs):
    """Whether any pickle will do, since there is nothing in it but numbers and text."""
    for value in args:
        if type(value) not in SIMPLE and (type(value) is not bytes or len(value) >= LARGE):
            return False
    if kwargs:
        return is_simple(kwargs.values(), None)
    return True


class Large:
    """A pickle with buffers beside it, where otherwise there is a pickle."""

    def __init__(self, data, views):
        self.data = data
        self.views = views

    def to_variant(self):
        return buffers.to_variant(self.data, self.views)


def with_buffers(data, taker):
    return Large(data, taker.views) if taker.views else data


def wrap_large(args, kwargs):
    """Bytes that the picklers would copy."""
    return tuple(map(buffers.wrap, args)), {key: buffers.wrap(value) for key, value in kwargs.items()}


class ModuleCodec:
    """Any module that has dumps and loads, such as dill."""

    def __init__(self, module):
        self.name = module.__name__
        dumps = module.dumps
        if self.name == "dill":
            # What a function uses of the script, which is not there in the worker.
            dumps = functools.partial(dumps, recurse=True)
        self.dumps = self.dumps_small = self.dumps_result = dumps
        self.loads = module.loads

    def dumps_simple(self, target, args, kwargs, mode, known):
        return None

    def dumps_call(self, target, args, kwargs, mode, known, mentions):
        args, kwargs = replace_mentioned(args, kwargs, mentions)
        return self.dumps((target, args, kwargs, mode) if mode else (target, args, kwargs))

    def load(self, data, views=()):
        """In the worker, what dumps has made."""
        return self.loads(data)


class PickleCodec:
    """Plain pickle: functions and classes have to be importable."""

    name = "pickle"
    loads = staticmethod(loads)

    def dumps_simple(self, target, args, kwargs, mode, known):
        if type(target) is not FunctionType or not is_simple(args, kwargs):
            return None
        byvalue.check_importable(target)
        return plain_dumps((target, args, kwargs, mode) if mode else (target, args, kwargs), PROTOCOL)

    def dumps_call(self, target, args, kwargs, mode, known, mentions):
        args, kwargs = replace_mentioned(*wrap_large(args, kwargs), mentions)
        return self.dump((target, args, kwargs, mode), buffers.Taker(), mentions)

    def dump(self, value, taker=None, mentions=None):
        buffer = io.BytesIO()
        byvalue.PlainPickler(buffer, mentions, taker).dump(value)
        data = buffer.getvalue()
        return with_buffers(data, taker) if taker is not None else data

    def dumps(self, value):
        return self.dump(value)

    dumps_small = dumps

    def dumps_result(self, value):
        return self.dump(buffers.wrap(value), buffers.Taker())

    def load(self, data, views=()):
        """In the worker, what dumps has made."""
        return self.loads(data, buffers=views)


class ValueCodec:
    """Pickles with cloudpickle, and sends what cannot be imported once."""

    name = "cloudpickle"
    loads = staticmethod(loads)

    def dumps_simple(self, target, args, kwargs, mode, known):
        """Of functions with simple arguments; returns None for all others. @known: what the worker has."""
        if type(target) is not FunctionType or not is_simple(args, kwargs):
            return None
        entry = find_entry(target)
        bundle = entry.bundle
        target = f"{target.__module__}:{target.__qualname__}" if bundle is None else entry.number
        data = plain_dumps((target, args, kwargs, mode) if mode else (target, args, kwargs), PROTOCOL)
        if known.dropped or (bundle is not None and (bundle.needs or bundle.number not in known.numbers)):
            return self.wrap(data, () if bundle is None else (bundle,), known)
        return data

    def dumps_call(self, target, args, kwargs, mode, known, mentions):
        """Of anything. @mentions: keeps what the pickle mentions."""
        args, kwargs = replace_mentioned(*wrap_large(args, kwargs), mentions)
        taker = buffers.Taker()
        data, needs = self.dump((target, args, kwargs, mode), mentions, taker)
        if needs or known.dropped:
            data = self.wrap(data, needs, known)
        return with_buffers(data, taker)

    def dump(self, value, mentions=None, taker=None):
        buffer = io.BytesIO()
        pickler = byvalue.CallPickler(buffer, mentions, taker)
        pickler.dump(value)
        return buffer.getvalue(), pickler.needs

    def wrap(self, data, needs, known):
        """Puts in front what the worker lacks, and what it may drop."""
        needs = byvalue.needs_of(needs)
        bundles = [(bundle.number, bundle.data) for bundle in needs if bundle.number not in known.numbers]
        if not bundles and not known.dropped:
            return data
        dropped, known.dropped = known.dropped, []
        known.note(bundles)
        return plain_dumps([bundles, data, dropped], PROTOCOL)

    def dumps(self, value):
        """With all that it needs, for those who keep no account of what a worker has."""
        data, needs = self.dump(value)
        return self.wrap(data, needs, byvalue.Known())

    def load(self, data, views=()):
        return unwrap(data, views)

    def dumps_result(self, value):
        """In the worker."""
        if type(value) in SIMPLE:
            return plain_dumps(value, PROTOCOL)
        buffer = io.BytesIO()
        taker = buffers.Taker()
        byvalue.ResultPickler(buffer, taker).dump(buffers.wrap(value))
        return with_buffers(buffer.getvalue(), taker)


    def dumps_small(self, value):
        """In the worker, where it has to be in one piece."""
        buffer = io.BytesIO()
        byvalue.ResultPickler(buffer).dump(value)
        return buffer.getvalue()


def replace_mentioned(args, kwargs, mentions):
    """What the worker keeps, among the arguments themselves."""
    if mentions.kept is None:
        return args, kwargs
    return mentions.replace(args), {key: mentions.mention(value) for key, value in kwargs.items()}


def unwrap(payload, views=()):
    """The other end of ValueCodec.wrap, in the worker."""
    # What is wrapped has the buffers, if anything is.
    call = loads(payload, buffers=views)
    if type(call) is list:
        bundles, inner, dropped = call
        for number in dropped:
            byvalue.drop_bundle(number)
        for number, data in bundles:
            byvalue.load_bundle(number, data)
        return loads(inner, buffers=views)
    return call


def find_codec(name):
    if name == "cloudpickle" and byvalue.cloudpickle is not None:
        return ValueCodec()
    return PickleCodec() if name in ("pickle", "cloudpickle") else ModuleCodec(importlib.import_module(name))


default_codec = find_codec("cloudpickle" if byvalue.cloudpickle is not None else "pickle")

# What pickles in libraries like multiprocessing is another module.
PICKLERS = {"multiprocess": "dill", "multiprocessing": None, "multiprocessing_on_dill": "dill"}


def use(lib):
    """Chooses what pickles: 'pickle', 'dill', 'cloudpickle', or a module that has dumps and loads.

    A library like multiprocessing stands for what it pickles with. Loops that are made later use
    it; the default is cloudpickle where it is installed.
    """
    global default_codec

    name = lib if isinstance(lib, str) else lib.__name__
    name = PICKLERS.get(name, name)
    if name is None:
        name = "cloudpickle" if byvalue.cloudpickle is not None else "pickle"
    elif not isinstance(lib, str) and hasattr(lib, "dumps") and name != "cloudpickle":
        default_codec = ModuleCodec(lib) if name != "pickle" else PickleCodec()
        return
    default_codec = find_codec(name)


def get_default_codec():
    return default_codec
