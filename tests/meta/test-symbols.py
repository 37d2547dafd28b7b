# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The exported symbols are those that we promise: symbols.txt, and nothing without our prefix."""

import re
import xml.etree.ElementTree as ElementTree

import meta

IDENTIFIER = "{http://www.gtk.org/introspection/c/1.0}identifier"
GET_TYPE = "{http://www.gtk.org/introspection/glib/1.0}get-type"


def exported():
    status, out = meta.run("nm", "--dynamic", "--defined-only", "--format=posix", meta.BUILD / "mpel/libmpel-1.so")
    if status != 0:
        raise RuntimeError(out)
    return sorted(line.split()[0] for line in out.splitlines())


def described(gir):
    for element in ElementTree.parse(gir).iter():
        if not element.tag.endswith(("}function-macro", "}constant", "}member")):
            yield element.get(IDENTIFIER)
        yield element.get(GET_TYPE)


def differences(symbols, gir):
    names = {name for name in described(gir) if name and name != "intern"}
    yield from (f"{name} is exported, but no public header says so" for name in symbols if name not in names)
    yield from (f"{name} is in the GIR, but not exported" for name in sorted(names) if name not in symbols)


def unreserved(symbols):
    """A property that a class in the worker has must not hide what proxies can do."""
    source = (meta.SOURCE / "mpel/proxy/mpel-proxy-runtime.c").read_text()
    reserved = set(re.findall(r'^  "(\w+)",$', source, re.M))
    for name in symbols:
        verb = name.removeprefix("mpel_proxy_")
        if verb != name and not verb.endswith("get_type") and verb not in reserved:
            yield f"{verb} is not among the reserved names of mpel-proxy-runtime.c"


tap = meta.Tap()
symbols = exported()
tap.check("all symbols begin with mpel_", [name for name in symbols if not name.startswith("mpel_")])
tap.check("the symbols are the saved ones", meta.compare_with_saved("symbols.txt", symbols))
tap.check("no property hides what proxies can do", unreserved(symbols))
gir = meta.BUILD / "mpel/Mpel-1.gir"
if gir.exists():
    tap.check("symbols and GIR agree", differences(symbols, gir))
else:
    tap.skip("symbols and GIR agree", "built without introspection")
tap.end()
