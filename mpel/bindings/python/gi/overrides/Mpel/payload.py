# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The host's side of payloads: what events carry, and how their ends are read."""

from gi.repository import GLib

from .base import raw

new_bytes = GLib.Bytes.new
new_variant = GLib.Variant.new_from_bytes
new_event = raw.Event.new
# A tuple of one array of bytes is those bytes and no more, so that nothing needs to be built.
PAYLOAD = GLib.VariantType.new("(ay)")
TARGET = "python"

# How a call wants its results: see calls.py in the worker.
MODE_VALUE = 0
# What an iterator gives, one by one, each told as the end of an event.
MODE_ITEMS = 1
# Likewise, but only of generators: other results are results.
MODE_GENERATORS = 2
# Whatever can be iterated, and nothing else, to who asks for the next one.
MODE_STREAM = 3


def to_payload(data):
    return new_variant(PAYLOAD, new_bytes(data), True)


def from_payload(variant):
    return variant.get_data_as_bytes().get_data()
