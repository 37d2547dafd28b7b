# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""make-stubs.py GIR OVERRIDE-STUB OVERRIDE-FOLDER OUTPUT: writes the types of the module for Python.

What C offers is taken from the GIR; what the override has of its own is written by hand in
OVERRIDE-STUB, and wins. Docs come from the GIR and from the override.
"""

import ast
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

CORE = "{http://www.gtk.org/introspection/core/1.0}"
GLIB = "{http://www.gtk.org/introspection/glib/1.0}"

NAMES = {
    "none": "None",
    "utf8": "str",
    "filename": "str",
    "gboolean": "bool",
    "gdouble": "float",
    "gfloat": "float",
    "gpointer": "Any",
    "GType": "GObject.GType",
    "GLib.Pid": "int",
    "GLib.Quark": "int",
}
NUMBERS = ("gint", "guint", "gint64", "guint64", "gsize", "gssize", "gulong", "glong", "guint8")
NAMES.update(dict.fromkeys(NUMBERS, "int"))
# What is accepted is more than what is returned.
GIVEN_NAMES = {"GType": "type | GObject.GType"}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
# Classes of the override that are parts of others.
MIXINS = {"ObjectMethods": "EventLoop", "CallMethods": "EventLoop", "StreamMethods": "EventLoop"}
# Of gi-docgen.
LINK = re.compile(r"\[\w+@(?:Mpel\.)?([^]]*)\]")
CONSTANT = re.compile(r"`(NULL|TRUE|FALSE)`")


def find_all(element, kind, space=CORE):
    return element.findall(space + kind)


class Callables:
    """The signatures of a namespace as PyGObject makes them."""

    def __init__(self, namespace):
        self.callbacks = {element.get("name"): element for element in find_all(namespace, "callback")}

    def type_of(self, holder, is_given=False, owner=None):
        array = holder.find(CORE + "array")
        if array is not None:
            text = self.array_of(array, is_given)
        else:
            text = self.name_of(holder.find(CORE + "type").get("name"), is_given, owner)
        is_bytes_back = text == "bytes" and not is_given  # nothing is b"" there
        return f"{text} | None" if holder.get("nullable") == "1" and not is_bytes_back else text

    def array_of(self, array, is_given):
        item = self.type_of(array)
        if array.find(CORE + "type").get("name") == "guint8":
            return "bytes"
        return f"Sequence[{item}]" if is_given else f"list[{item}]"

    def name_of(self, name, is_given=False, owner=None):
        if name == "Gio.AsyncReadyCallback":
            return f"Callable[[{owner or 'Any'}, Gio.AsyncResult], object]"
        if name in self.callbacks:
            return self.callback_of(self.callbacks[name])
        if is_given and name in GIVEN_NAMES:
            return GIVEN_NAMES[name]
        return NAMES.get(name, name)

    def callback_of(self, element):
        given, _hidden = self.split(element)
        arguments = ", ".join(self.type_of(parameter) for parameter in given)
        return f"Callable[[{arguments}], {self.callback_return(element)}]"

    def callback_return(self, element):
        """A function that gives nothing may as well give anything; nothing is FALSE."""
        text = self.type_of(element.find(CORE + "return-value"))
        return {"None": "object", "bool": "bool | None"}.get(text, text)

    @staticmethod
    def split(element):
        """The parameters that Python gives, and the numbers of those that PyGObject fills in."""
        parameters = element.findall(f"{CORE}parameters/{CORE}parameter")
        hidden = set()
        for parameter in [*parameters, element.find(CORE + "return-value")]:
            hidden |= {int(parameter.get(key)) for key in ("closure", "destroy") if parameter.get(key)}
            array = parameter.find(CORE + "array")
            if array is not None and array.get("length"):
                hidden.add(int(array.get("length")))
        given = [parameter for number, parameter in enumerate(parameters) if number not in hidden]
        return given, hidden

    def is_callback(self, parameter):
        kind = parameter.find(CORE + "type")
        return kind is not None and (kind.get("name") in self.callbacks or kind.get("name") == "Gio.AsyncReadyCallback")

    def parameters_of(self, element, owner, has_data):
        """Those at the end that may be nothing may be left out."""
        given, _hidden = self.split(element)
        n_needed = max((place + 1 for place, one in enumerate(given) if one.get("nullable") != "1"), default=0)
        parts = []
        for place, parameter in enumerate(given):
            text = self.type_of(parameter, True, owner)
            if self.is_callback(parameter) and has_data:
                # What it is called with ends with the data.
                text = re.sub(r"Callable\[\[[^]]*\]", "Callable[...", text).removesuffix(" | None")
            is_needed = place < n_needed or (has_data and any(map(self.is_callback, given[place:])))
            parts.append(f"{parameter.get('name')}: {text}" + ("" if is_needed else " = None"))
        if has_data:
            parts += ["user_data: Any", "*more_data: Any"]
        return parts

    def define(self, element, owner="", kind="function"):
        """The lines of a function, twice if data for its callback may be given as well."""
        given, _hidden = self.split(element)
        has_callback = any(map(self.is_callback, given))
        variants = []
        for has_data in (False, True) if has_callback else (False,):
            lines = ["@overload"] if has_callback else []
            first = {"method": ["self"], "constructor": ["cls"]}.get(kind, [])
            lines += {"constructor": ["@classmethod"], "static": ["@staticmethod"]}.get(kind, [])
            parts = first + self.parameters_of(element, "Self" if kind == "method" else None, has_data)
            result = owner if kind == "constructor" else self.type_of(element.find(CORE + "return-value"))
            name = element.get("name")
            if element.tag == CORE + "virtual-method":
                name = f"do_{name}"
            lines += [f"def {name}({', '.join(parts)}) -> {result}:", *indent(body_of(doc_of(element)))]
            variants += lines
        return variants


def body_of(doc):
    """A docstring, or nothing."""
    return [repr_doc(doc)] if doc else ["..."]


def repr_doc(doc):
    return '"""' + doc.replace("\\", "\\\\").replace('"""', "'''") + '"""'


def doc_of(element):
    """The first sentence or two, as text that is read in an editor."""
    doc = element.find(CORE + "doc")
    if doc is None:
        return ""
    text = " ".join(doc.text.split("\n\n")[0].split())
    text = LINK.sub(lambda link: link[1].replace("::", ".").replace(":", "."), text)
    return CONSTANT.sub(lambda word: {"NULL": "None"}.get(word[1], word[1].capitalize()), text)


def indent(lines):
    return [f"    {line}" for line in lines]


class Stub:
    """The module that comes out."""

    def __init__(self, namespace, override, docs):
        self.namespace = namespace
        self.callables = Callables(namespace)
        self.classes = {element.get("name"): element for element in find_all(namespace, "class")}
        self.docs = docs
        self.imports = []
        self.own = {}  # name → the nodes of the override
        self.generic = set()  # classes with a parameter
        for node in override.body:
            if isinstance(node, (ast.ClassDef, *FUNCTIONS)):
                self.own.setdefault(node.name, []).append(node)
                if any(isinstance(base, ast.Subscript) for base in getattr(node, "bases", ())):
                    self.generic.add(node.name)
            elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
                self.imports.append(ast.unparse(node))

    def make(self):
        lines = [*self.imports]
        for element in find_all(self.namespace, "constant"):
            lines.append(f"{element.get('name')}: {self.callables.type_of(element)}")
        for kind in ("enumeration", "bitfield"):
            for element in find_all(self.namespace, kind):
                lines += ["", *self.define_enum(element, "GEnum" if kind == "enumeration" else "GFlags")]
        for element in find_all(self.namespace, "record"):
            lines += ["", f"class {element.get('name')}: ..."]
        for name, element in self.classes.items():
            lines += ["", *self.define_class(element, self.own.pop(name, [None])[0])]
        for element in find_all(self.namespace, "function"):
            if element.get("name") not in self.own:
                lines += ["", *self.callables.define(element)]
        for nodes in self.own.values():
            for node in nodes:
                lines += ["", *self.unparse(node)]
        return lines

    def define_enum(self, element, base):
        name = element.get("name")
        lines = [f"class {name}(GObject.{base}):", f"    {repr_doc(doc_of(element))}"]
        lines += [f"    {member.get('name').upper()}: {name}" for member in find_all(element, "member")]
        for function in find_all(element, "function"):
            lines += indent(self.callables.define(function, kind="static"))
        return lines

    # Classes

    def define_class(self, element, own):
        name = element.get("name")
        parents = [element.get("parent"), *(one.get("name") for one in find_all(element, "implements"))]
        parents += map(ast.unparse, own.bases) if own is not None else []
        lines = [f"class {name}({', '.join(parents)}):"]
        doc = self.docs.get((name, "")) or doc_of(element)
        lines += indent(repr_doc(doc).splitlines() if doc else [])
        taken = set()
        if own is not None:
            for node in own.body:
                taken.add(getattr(node, "name", None))
                lines += indent(self.unparse(node, name))
        lines += indent(self.define_props(element))
        if "__init__" not in taken:
            lines += indent(self.define_init(element))
        lines += indent(self.define_connect(element))
        for kind in ("constructor", "function", "method", "virtual-method"):
            for member in find_all(element, kind):
                exposed = f"do_{member.get('name')}" if kind == "virtual-method" else member.get("name")
                if exposed not in taken:
                    way = {"function": "static", "virtual-method": "method"}.get(kind, kind)
                    lines += indent(self.callables.define(member, name, way))
        return lines

    def lineage(self, element):
        """The class and those of its parents that are ours."""
        while element is not None:
            yield element
            element = self.classes.get(element.get("parent"))

    def property_type(self, owner, element, is_given):
        """Its accessors know whether it may be nothing."""
        getter = next((one for one in find_all(owner, "method") if one.get("name") == element.get("getter")), None)
        nullable = getter is not None and getter.find(CORE + "return-value").get("nullable") == "1"
        return self.callables.type_of(element, is_given) + (" | None" if nullable else "")

    def define_props(self, element):
        properties = find_all(element, "property")
        if not properties:
            return []
        bases = "(EventLoop.Props)" if element.get("parent") == "EventLoop" else ""
        lines = [f"class Props{bases}:"]
        for one in properties:
            name, text = one.get("name").replace("-", "_"), self.property_type(element, one, False)
            if one.get("writable") and not one.get("construct-only"):
                lines += [f"    {name}: {text}"]
            else:
                lines += ["    @property", f"    def {name}(self) -> {text}: ..."]
        if element.get("final") != "1":
            # Of subclasses that programs make.
            lines += ["    def __getattr__(self, name: str) -> Any: ..."]
            lines += ["    def __setattr__(self, name: str, value: Any) -> None: ..."]
        return [*lines, "@property", "def props(self) -> Props: ..."]

    def init_arguments(self, element, taken=()):
        found = {}
        for owner in self.lineage(element):
            for one in find_all(owner, "property"):
                name = one.get("name").replace("-", "_")
                if one.get("writable") and name not in taken:
                    found.setdefault(name, f"{name}: {self.property_type(owner, one, True)} = ...")
        return list(found.values())

    def define_init(self, element):
        arguments = self.init_arguments(element)
        return [f"def __init__(self: _Any, *, {', '.join(arguments)}) -> None: ..."] if arguments else []

    def define_connect(self, element):
        """One for each signal, so that editors know their names and what handlers are called with."""
        signals = [one for owner in self.lineage(element) for one in find_all(owner, "signal", GLIB)]
        if not signals:
            return []
        lines = []
        for one in signals:
            given, _hidden = self.callables.split(one)
            arguments = ", ".join(["Self", *(self.callables.type_of(parameter) for parameter in given)])
            handler = f"Callable[[{arguments}], {self.callables.callback_return(one)}]"
            name = f"Literal['{one.get('name')}']"
            lines += ["@overload", f"def connect(self, __name: {name}, __handler: {handler}) -> int: ..."]
        # Also for those with a detail, and handlers that take more.
        rest = "def connect(self, __name: str, __handler: Callable[..., Any], *args: Any) -> int: ..."
        return [*lines, "@overload", rest]

    # What is written by hand

    def unparse(self, node, owner=""):
        if isinstance(node, ast.ClassDef):
            for child in node.body:
                self.complete(child, node.name)
            doc = self.docs.get((node.name, ""))
            if doc:
                node.body.insert(0, ast.Expr(ast.Constant(doc)))
        else:
            self.complete(node, owner)
        return ast.unparse(node).splitlines()

    def complete(self, node, owner):
        """Adds the docs, and names the properties."""
        if not isinstance(node, FUNCTIONS):
            return
        if node.name == "__init__" and owner not in self.generic:
            node.args.args[0].annotation = ast.Name("_Any")
        if node.args.kwarg is not None and node.args.kwarg.arg == "properties":
            taken = {argument.arg for argument in [*node.args.args, *node.args.kwonlyargs]}
            extra = ", ".join(self.init_arguments(self.classes[owner], taken))
            more = ast.parse(f"def more(*, {extra}): ...").body[0].args
            node.args.kwonlyargs += more.kwonlyargs
            node.args.kw_defaults += more.kw_defaults
            node.args.kwarg = None
        doc = self.docs.get((owner, node.name))
        if doc:
            node.body = [ast.Expr(ast.Constant(doc))]


def find_docs(folder):
    """(class, function) → what the override says of it. Functions have no class, classes no function."""
    docs = {}
    for path in sorted(pathlib.Path(folder).glob("*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef):
                docs[node.name, ""] = ast.get_docstring(node)
            for child in node.body if isinstance(node, ast.ClassDef) else [node]:
                if isinstance(child, FUNCTIONS):
                    owner = getattr(node, "name", "") if child is not node else ""
                    docs.setdefault((MIXINS.get(owner, owner), child.name), ast.get_docstring(child))
    return docs


def main(gir, override, folder, output):
    namespace = ElementTree.parse(gir).getroot().find(CORE + "namespace")
    stub = Stub(namespace, ast.parse(pathlib.Path(override).read_text()), find_docs(folder))
    text = "\n".join(stub.make()) + "\n"
    ast.parse(text)
    pathlib.Path(output).write_text(text)


main(*sys.argv[1:])
