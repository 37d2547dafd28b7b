# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What carries Python objects: pickle, cloudpickle, dill, or any module like them.

A call is one pickle. Its payload is (function, args, kwargs) or (function, args, kwargs, mode);
where function is a number of a value that was sent before, a name “module:qualname”, or what is
called. Values that the worker lacks travel in front, and it is told what to drop: then the payload
is [bundles, inner payload, dropped].
"""

import importlib
import io
import pickle
import types

from . import byvalue
from .byvalue import PROTOCOL, FunctionType

plain_dumps = pickle.dumps
loads = pickle.loads
SIMPLE = frozenset((int, float, str, bool, type(None), bytes))
BuiltinFunctionType = types.BuiltinFunctionType


def is_simple(args, kwargs):
    """Whether any pickle will do, since there is nothing in it but numbers and text."""
    for value in args:
        if type(value) not in SIMPLE:
            return False
    for value in kwargs.values():
        if type(value) not in SIMPLE:
            return False
    return True


class PickleCodec:
    """Any module that has dumps and loads."""

    def __init__(self, module, name=None):
        self.name = name or module.__name__
        self.module = module
        self.loads = module.loads

    def dumps_call(self, target, args, kwargs, mode, known, mentions):
        args, kwargs = replace_mentioned(args, kwargs, mentions)
        call = (target, args, kwargs, mode) if mode else (target, args, kwargs)
        return self.dumps(call)

    def dumps(self, value):
        if self.module is pickle:
            return self.dumps_plainly(value)
        return self.module.dumps(value)

    dumps_result = dumps

    def load(self, data):
        """In the worker, what dumps has made."""
        return self.loads(data)

    def dumps_plainly(self, value):
        try:
            return plain_dumps(value, PROTOCOL)
        except Exception as error:
            raise type(error)(f"{error}; Mpel.use ('cloudpickle') sends it by value") from None


class ValueCodec:
    """Pickles with cloudpickle, and sends what cannot be imported once."""

    name = "cloudpickle"
    loads = staticmethod(loads)

    def dumps_call(self, target, args, kwargs, mode, known, mentions):
        """@known: what the worker has; @mentions: keeps what the pickle mentions."""
        needs = ()
        kind = type(target)
        if kind is FunctionType:
            entry = byvalue.find_entry(target)
            if entry.bundle is not None:
                needs = (entry.bundle,)
                target = entry.number
            else:
                target = f"{target.__module__}:{target.__qualname__}"
        elif kind is not BuiltinFunctionType or target.__module__ != "builtins":
            return self.dumps_any((target, args, kwargs, mode), known, mentions)
        if is_simple(args, kwargs):
            data = plain_dumps((target, args, kwargs, mode) if mode else (target, args, kwargs), PROTOCOL)
        else:
            data, more = self.dump((target, *replace_mentioned(args, kwargs, mentions), mode), mentions)
            needs = (*needs, *more)
        return self.wrap(data, needs, known) if needs or known.dropped else data

    def dumps_any(self, call, known, mentions):
        target, args, kwargs, mode = call
        data, needs = self.dump((target, *replace_mentioned(args, kwargs, mentions), mode), mentions)
        return self.wrap(data, needs, known) if needs or known.dropped else data

    def dump(self, value, mentions=None):
        buffer = io.BytesIO()
        pickler = byvalue.CallPickler(buffer, mentions)
        pickler.dump(value)
        return buffer.getvalue(), pickler.needs

    def wrap(self, data, needs, known):
        """Puts in front what the worker lacks, and what it may drop."""
        bundles = [(bundle.number, bundle.data) for bundle in byvalue.needs_of(needs) if bundle.number not in known.numbers]
        if not bundles and not known.dropped:
            return data
        dropped, known.dropped = known.dropped, []
        known.numbers.update(number for number, data_of in bundles)
        return plain_dumps([bundles, data, dropped], PROTOCOL)

    def dumps(self, value):
        """With all that it needs, for those who keep no account of what a worker has."""
        data, needs = self.dump(value)
        return self.wrap(data, needs, byvalue.Known())

    def load(self, data):
        return unwrap(data)

    def dumps_result(self, value):
        """In the worker."""
        if type(value) in SIMPLE:
            return plain_dumps(value, PROTOCOL)
        buffer = io.BytesIO()
        byvalue.ResultPickler(buffer).dump(value)
        return buffer.getvalue()


def replace_mentioned(args, kwargs, mentions):
    """What the worker keeps, among the arguments themselves."""
    if mentions.kept is None:
        return args, kwargs
    return mentions.replace(args), {key: mentions.mention(value) for key, value in kwargs.items()}


def unwrap(payload):
    """The other end of ValueCodec.wrap, in the worker."""
    call = loads(payload)
    if type(call) is list:
        bundles, inner, dropped = call
        for number in dropped:
            byvalue.drop_bundle(number)
        for number, data in bundles:
            byvalue.load_bundle(number, data)
        return loads(inner)
    return call


def find_codec(name):
    if name == "cloudpickle" and byvalue.cloudpickle is not None:
        return ValueCodec()
    return PickleCodec(importlib.import_module(name))


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
        default_codec = PickleCodec(lib)
        return
    default_codec = find_codec(name)


def get_default_codec():
    return default_codec
