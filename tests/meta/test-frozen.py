# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The D-Bus interfaces are those that were frozen: a worker of last year must still talk. Wording may
change, and what is new goes into an interface of the next number."""

import xml.etree.ElementTree as ElementTree

import meta

FOLDER = meta.SOURCE / "data/dbus"


def canonical(element, depth=0):
    """Lines of all that a peer could notice; comments are gone already."""
    attributes = " ".join(f"{key}={value}" for key, value in sorted(element.attrib.items()))
    yield "  " * depth + f"{element.tag} {attributes}"
    for child in element:
        yield from canonical(child, depth + 1)


def read(path):
    return list(canonical(ElementTree.parse(path).getroot()))


def changes():
    for frozen in sorted((FOLDER / "frozen/1").glob("*.xml")):
        current = FOLDER / frozen.name
        if not current.exists():
            yield f"{frozen.name} is frozen and is gone"
        elif read(current) != read(frozen):
            yield f"{frozen.name} is frozen and was changed"


tap = meta.Tap()
tap.check("the D-Bus interfaces are as they were frozen", changes())
tap.end()
