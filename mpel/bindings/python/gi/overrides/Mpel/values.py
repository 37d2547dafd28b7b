# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Python values and GVariants, for peers that do not speak Python."""

from gi.repository import GLib

Variant = GLib.Variant
VariantType = GLib.VariantType
BYTES = VariantType.new("ay")
ANY = VariantType.new("v")


def wrap_bytes(data):
    return Variant.new_from_bytes(BYTES, GLib.Bytes.new(data), True)


def wrap_int(value):
    if -(2**63) <= value < 2**63:
        return Variant.new_int64(value)
    if value < 2**64:
        return Variant.new_uint64(value)
    raise OverflowError(f"{value} does not fit into 64 bits")


def wrap_str(value):
    if "\0" in value:
        raise ValueError("a string with a zero in it cannot travel as text; send bytes")
    return Variant.new_string(value)


def wrap_dict(value):
    for key in value:
        if type(key) is not str:
            raise TypeError(f"the keys of a dict must be strings here, not {type(key).__name__}")
    return Variant("a{sv}", {key: to_variant(item) for key, item in value.items()})


WRAPPERS = {
    bool: Variant.new_boolean,
    int: wrap_int,
    float: Variant.new_double,
    str: wrap_str,
    bytes: wrap_bytes,
    bytearray: wrap_bytes,
    memoryview: lambda value: wrap_bytes(bytes(value)),
    type(None): lambda value: Variant.new_maybe(ANY, None),
    list: lambda value: Variant("av", [to_variant(item) for item in value]),
    tuple: lambda value: Variant.new_tuple(*map(to_variant, value)),
    dict: wrap_dict,
    Variant: lambda value: value,
}


def to_variant(value):
    """int x, float d, str s, bytes ay, bool b, None mv, list av, tuple, dict a{sv}; a GVariant as it is."""
    wrapper = WRAPPERS.get(type(value))
    if wrapper is not None:
        return wrapper(value)
    for kind, wrapper in WRAPPERS.items():
        if isinstance(value, kind):
            return wrapper(value)
    raise TypeError(f"{type(value).__name__} has no GVariant type; only functions of Python take any object")


def to_args(args):
    """A tuple for the args of an event."""
    return Variant.new_tuple(*map(to_variant, args)) if args else Variant("()", ())


def to_kwargs(kwargs):
    return wrap_dict(kwargs) if kwargs else None


def children(variant):
    return (variant.get_child_value(index) for index in range(variant.n_children()))


def from_variant(variant):
    """The other way; ay gives bytes, and a nothing gives None."""
    kind = variant.get_type_string()
    if kind == "ay":
        return variant.get_data_as_bytes().get_data() or b""
    if not any(letter in kind for letter in "yvm"):
        return variant.unpack()
    if kind == "v":
        return from_variant(variant.get_variant())
    if kind[0] == "m":
        inner = variant.get_maybe()
        return None if inner is None else from_variant(inner)
    if kind[0] == "(":
        return tuple(map(from_variant, children(variant)))
    if kind.startswith("a{"):
        return {from_variant(key): from_variant(value) for key, value in map(children, children(variant))}
    if kind[0] == "a":
        return list(map(from_variant, children(variant)))
    return variant.unpack()
