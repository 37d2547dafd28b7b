# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""test-stubs.py STUB: the types are those of the module, nothing more and nothing less: names,
parameters and defaults are compared with what Python and PyGObject say of the real ones."""

import ast
import inspect
import pathlib
import re
import sys
import types

import gi
import tap

gi.require_version("Mpel", "1")
import gi.overrides.Mpel  # noqa: E402
from gi.repository import Mpel  # noqa: E402

STUB = ast.parse(pathlib.Path(sys.argv[1]).read_text())
OVERRIDE = pathlib.Path(gi.overrides.Mpel.__file__).parent
raw = Mpel._introspection_module
DEFS = (ast.FunctionDef, ast.AsyncFunctionDef)
SPECIAL = {"__init__", "__enter__", "__exit__", "__await__", "__aiter__", "__anext__", "__loop__"}
# What the stub has of its own, each with its reason.
OWN = {
    "Props": "has no class at run time, only props",
    "props": "of every GObject",
    "connect": "has an overload for each signal",
    "__init__": "names the properties",
}
SELF_SET = set(re.findall(r"self\.(\w+) = ", "".join(path.read_text() for path in OVERRIDE.glob("*.py"))))


def is_public(name):
    return not name.startswith("_") or name in SPECIAL


def collect(body):
    """name → the nodes that say what it is; a function may have several."""
    found = {}
    for node in body:
        if isinstance(node, (ast.ClassDef, *DEFS)):
            found.setdefault(node.name, []).append(node)
        elif isinstance(node, ast.AnnAssign):
            found.setdefault(node.target.id, []).append(node)
    return {name: nodes for name, nodes in found.items() if is_public(name)}


MODULE = collect(STUB.body)
# Some parents are not of the module.
CLASSES = {node.name: node for node in STUB.body if isinstance(node, ast.ClassDef)}


def module_names():
    return {name for name in dir(Mpel) if not name.startswith("_")}


def is_struct(cls):
    return hasattr(cls, "__info__") and "Struct" in type(cls.__info__).__name__


def stub_members(name):
    """With those of its parents, nearest first."""
    node = CLASSES[name]
    found = collect(node.body)
    for base in (ast.unparse(base).partition("[")[0] for base in node.bases):
        if base in CLASSES:
            found = {**stub_members(base), **found}
    return found


def real_members(cls):
    found = {}
    for parent in reversed(cls.__mro__):
        if parent is raw.Event or "Mpel" in parent.__module__:
            found.update({key: value for key, value in vars(parent).items() if is_public(key)})
    found.pop("parent_instance", None)
    return found


def real_classes():
    for name in filter(is_public, CLASSES):
        cls = getattr(Mpel, name)
        if not is_struct(cls):
            yield name, cls


def no_faults(faults):
    faults = list(faults)
    if faults:
        # What C offers is made from the GIR; the rest is written by hand.
        raise AssertionError("\n".join([*faults, "Mend it in mpel/bindings/python/stubs/override.pyi"]))


def test_module():
    """the module and its types have the same names"""
    tap.equal(sorted(MODULE), sorted(module_names()))


def unlike_members():
    for name, cls in real_classes():
        stub, real = stub_members(name), real_members(cls)
        for missing in sorted(set(real) - set(stub)):
            if missing not in OWN:
                yield f"{name}.{missing} has no type"
        for extra in sorted(set(stub) - set(real)):
            is_attribute = isinstance(stub[extra][0], ast.AnnAssign) and extra in SELF_SET
            if extra not in OWN and not is_attribute:
                yield f"{name}.{extra} has a type, and does not exist"


def test_members():
    """classes and their types have the same members"""
    no_faults(unlike_members())


# Signatures


def functions():
    """(what it is called, its stubs, itself)"""
    for name, nodes in MODULE.items():
        if isinstance(nodes[0], DEFS):
            yield name, nodes, getattr(Mpel, name)
    for name, cls in real_classes():
        real = real_members(cls)
        for member, nodes in stub_members(name).items():
            if isinstance(nodes[0], DEFS) and member in real:
                yield f"{name}.{member}", nodes, inspect.unwrap(real[member])


def stub_parameters(node):
    """[(name, kind, default or nothing)], without those that take any number."""
    arguments = node.args
    positional = [(one.arg, inspect.Parameter.POSITIONAL_ONLY) for one in arguments.posonlyargs]
    positional += [(one.arg, inspect.Parameter.POSITIONAL_OR_KEYWORD) for one in arguments.args]
    defaults = [None] * (len(positional) - len(arguments.defaults)) + arguments.defaults
    parameters = [(*one, default) for one, default in zip(positional, defaults)]
    only = zip(arguments.kwonlyargs, arguments.kw_defaults)
    return parameters + [(one.arg, inspect.Parameter.KEYWORD_ONLY, default) for one, default in only]


def value_of(default):
    if default is None:
        return inspect.Parameter.empty
    return default.value if isinstance(default, ast.Constant) else ast.literal_eval(default)


def unlike_signature(name, nodes, function):
    real = inspect.signature(function).parameters.values()
    kinds = {one.kind for one in real}
    named = {one.name: one for one in real if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)}
    seen = []
    for node in nodes:
        takes_any = node.args.vararg is not None, node.args.kwarg is not None
        for parameter, kind, default in stub_parameters(node):
            known = named.get(parameter)
            seen.append(parameter)
            if known is None:
                # Said in more detail than the real one does.
                if not kinds & {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}:
                    yield f"{name}: {parameter} does not exist"
            elif kind != known.kind and parameter != "self":
                yield f"{name}: {parameter} is of another kind"
            elif len(nodes) == 1 and value_of(default) != known.default:
                yield f"{name}: the default of {parameter} is {known.default!r}"
        if takes_any[0] and inspect.Parameter.VAR_POSITIONAL not in kinds:
            yield f"{name} does not take any number of arguments"
        if takes_any[1] and inspect.Parameter.VAR_KEYWORD not in kinds:
            yield f"{name} does not take any keyword"
    yield from (f"{name}: {missing} is missing" for missing in named if missing not in seen)
    order = [one for one in seen if one in named]
    if len(nodes) == 1 and order != list(named):
        yield f"{name} takes {', '.join(named)} in this order"
    is_coroutine = isinstance(nodes[0], ast.AsyncFunctionDef)
    if is_coroutine != inspect.iscoroutinefunction(function):
        yield f"{name} is asynchronous in one of the two only"


def unlike_functions():
    for name, nodes, function in functions():
        function = getattr(function, "__func__", function)
        if isinstance(function, types.FunctionType) and not name.endswith(".connect"):
            yield from unlike_signature(name, nodes, function)


def test_functions():
    """functions of the override take what their types say"""
    no_faults(unlike_functions())


# What PyGObject tells of a function of C: name(self, text:str, more:str=None) -> result
TOLD = re.compile(r"\w+\((.*?)\)(?: -> (.*))?$")
PLAIN = {"str", "int", "bool", "float"}


def plain_type(text):
    """As far as both have the same word for it."""
    text = text.removesuffix(" or None").removesuffix(" | None").removeprefix("Mpel.")
    is_known = text in PLAIN or text in CLASSES or text.startswith(("GLib.Variant", "Gio.Cancellable"))
    return text if is_known else None


def unlike_told(name, nodes, told):
    parameters, result = TOLD.match(told).groups()
    parts = [one for one in parameters.split(", ") if one not in ("", "self")]
    told = [one.removesuffix("=None").partition(":") + (one.endswith("=None"),) for one in parts]
    names = [one[0] for one in told if one[0] != "user_data"]
    node = nodes[0]
    given = [one for one in node.args.args if one.arg not in ("self", "cls")]
    if [one.arg for one in given] != names:
        yield f"{name} takes {', '.join(names)}"
        return
    places = [place for place, one in enumerate(told[: len(names)]) if not one[3]]
    n_needed = max(places, default=-1) + 1
    if len(given) - len(node.args.defaults) != n_needed:
        yield f"{name} needs {n_needed} arguments"
    for argument, (parameter, _, kind, is_nullable) in zip(given, told):
        text = ast.unparse(argument.annotation)
        wanted = plain_type(kind)
        if wanted is not None and plain_type(text) != wanted:
            yield f"{name}: {parameter} is {wanted}"
        if is_nullable != text.endswith("| None"):
            yield f"{name}: {parameter} may be None in one of the two only"
    if any(one[0] == "user_data" for one in told) != (nodes[-1].args.vararg is not None):
        yield f"{name} takes data for its callback in one of the two only"
    text = ast.unparse(node.returns)
    first = (result or "None").partition(", ")[0]
    if plain_type(first) is not None and plain_type(text) != plain_type(first):
        yield f"{name} returns {first}"
    if first.endswith("None") != text.endswith("None") and text != "bytes":
        yield f"{name} may return None in one of the two only"


def unlike_c_functions():
    for name, nodes, function in functions():
        if "Info" in type(function).__name__:
            yield from unlike_told(name, nodes, function.__doc__)


def test_c_functions():
    """functions of C take and return what PyGObject tells of them"""
    no_faults(unlike_c_functions())


def test_is_whole():
    """the test has looked at the whole of the module"""
    found = list(functions())
    assert len([one for one in found if "Info" in type(one[2]).__name__]) > 200
    assert len([one for one in found if isinstance(one[2], types.FunctionType)]) > 40


tap.run(test_module, test_members, test_functions, test_c_functions, test_is_whole)
