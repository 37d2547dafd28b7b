# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The API as bindings see it: a line for each thing in it is compared with api.txt. Also what
bindings and readers need from each: a doc, a Since, accessors, a name that is free."""

import xml.etree.ElementTree as ElementTree

import meta

CORE = "{http://www.gtk.org/introspection/core/1.0}"
C = "{http://www.gtk.org/introspection/c/1.0}"
GLIB = "{http://www.gtk.org/introspection/glib/1.0}"

CALLABLES = ("function", "constructor", "method", "virtual-method", "callback", "signal")
TYPES = ("class", "interface", "record", "union", "enumeration", "bitfield")
# Members get their Since from their enumeration.
DATED = (*CALLABLES, *TYPES, "property", "constant", "function-macro")
# GObject's own, which languages put on every object.
TAKEN = {"emit", "connect", "disconnect", "notify", "get_property", "set_property", "ref", "unref", "list_properties"}
# What every GListModel has: its methods are the accessors.
LIST_PROPERTIES = {"item-type", "n-items"}
# What C has and bindings cannot call, each with its reason.
NOT_FOR_BINDINGS = {}


def tag(element):
    return element.tag.removeprefix(CORE).removeprefix(GLIB).removeprefix(C)


def type_text(element):
    for child in element:
        kind = tag(child)
        if kind in ("type", "array", "callback"):
            break
        if kind == "varargs":
            return "..."
    else:
        return "?"
    name = child.get("name", kind)
    inner = ", ".join(type_text_of(grandchild) for grandchild in child if tag(grandchild) in ("type", "array"))
    marks = "".join(f" {key}={child.get(key)}" for key in ("length", "fixed-size", "zero-terminated") if child.get(key))
    return f"{name}<{inner}{marks}>" if inner or marks else name


def type_text_of(element):
    holder = ElementTree.Element("holder")
    holder.append(element)
    return type_text(holder)


def value_text(element):
    """A parameter or what is returned: its type and what its annotations say."""
    keys = ("direction", "caller-allocates", "optional", "scope", "closure", "destroy", "skip")
    marks = [element.get("transfer-ownership", "")]
    marks += [f"{key}={element.get(key)}" for key in keys if element.get(key)]
    nullable = "?" if element.get("nullable") else ""
    return f"{type_text(element)}{nullable} [{' '.join(filter(None, marks))}]"


def callable_text(element):
    parameters = element.findall(f"{CORE}parameters/{CORE}parameter")
    arguments = ", ".join(f"{parameter.get('name')}: {value_text(parameter)}" for parameter in parameters)
    throws = " throws" if element.get("throws") else ""
    return f"({arguments}){throws} -> {value_text(element.find(f'{CORE}return-value'))}"


def attributes_text(element, keys):
    return "".join(f" {key.rpartition('}')[2]}={element.get(key)}" for key in keys if element.get(key))


def line_of(element, owner):
    kind, name = tag(element), element.get("name")
    full = f"{owner}.{name}" if owner else name
    marks = attributes_text(element, ("version", "introspectable", "deprecated-version", "moved-to", "when", "detailed"))
    if kind in CALLABLES:
        return f"{kind} {full} {callable_text(element)}{marks}"
    if kind == "property":
        keys = ("readable", "writable", "construct", "construct-only", "getter", "setter")
        return f"property {full}: {value_text(element)}{attributes_text(element, keys)}{marks}"
    if kind == "field":
        return None if element.get("private") or element.get("readable") == "0" else f"field {full}: {type_text(element)}"
    if kind == "member":
        return f"member {full} = {element.get('value')}"
    if kind == "constant" and name.endswith("_VERSION"):
        return f"constant {full}{marks}"  # its value is no promise
    return f"{kind} {full}{attributes_text(element, ('parent', GLIB + 'type-name', GLIB + 'error-domain', 'value'))}{marks}"


def is_class_struct(element):
    return element.get(GLIB + "is-gtype-struct-for") is not None


def walk(element, owner=""):
    """Each thing of the API with the name of the type it belongs to."""
    for child in element:
        kind = tag(child)
        if kind in TYPES:
            yield child, owner
            if not is_class_struct(child):
                yield from walk(child, child.get("name"))
        elif kind in (*CALLABLES, "property", "constant", "function-macro", "member", "field"):
            yield child, owner


def undocumented(things):
    for element, owner in things:
        kind = tag(element)
        if is_class_struct(element) or kind == "field":
            continue
        full = f"{kind} {owner}{'.' if owner else ''}{element.get('name')}"
        if element.find(f"{CORE}doc") is None:
            yield f"{full} has no doc"
        if kind in DATED and not element.get("version"):
            yield f"{full} has no Since"


def without_accessors(things):
    for element, owner in things:
        if tag(element) != "property" or (owner.endswith("List") and element.get("name") in LIST_PROPERTIES):
            continue
        if not element.get("getter"):
            yield f"property {owner}:{element.get('name')} has no getter"
        if element.get("writable") and not element.get("construct-only") and not element.get("setter"):
            yield f"property {owner}:{element.get('name')} is writable and has no setter"


def taken_names(things):
    for element, owner in things:
        if tag(element) in ("method", "function") and element.get("name") in TAKEN:
            yield f"{owner}.{element.get('name')}: bindings use this name themselves"


def hidden_from_bindings(things):
    for element, owner in things:
        full = f"{owner}{'.' if owner else ''}{element.get('name')}"
        if element.get("introspectable") == "0" and tag(element) != "function-macro" and full not in NOT_FOR_BINDINGS:
            yield f"{tag(element)} {full} is not introspectable"


tap = meta.Tap()
gir = meta.BUILD / "mpel/Mpel-1.gir"
if gir.exists():
    namespace = ElementTree.parse(gir).getroot().find(f"{CORE}namespace")
    things = list(walk(namespace))
    lines = sorted(filter(None, (line_of(element, owner) for element, owner in things)))
    tap.check("the API is the saved one", meta.compare_with_saved("api.txt", lines))
    tap.check("everything has a doc and a Since", undocumented(things))
    tap.check("every property has accessors", without_accessors(things))
    tap.check("no name is one that bindings use themselves", taken_names(things))
    tap.check("nothing is hidden from bindings", hidden_from_bindings(things))
else:
    tap.skip("the API is the saved one", "built without introspection")
tap.end()
