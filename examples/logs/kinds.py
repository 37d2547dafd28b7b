# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Kinds of lines: levels of programs, and status classes of web servers, in the order of their bars."""

import re

ERROR, WARNING, INFO, DEBUG, OTHER, HTTP_5, HTTP_4, HTTP_3, HTTP_2 = range(9)
NAMES = ("Error", "Warning", "Info", "Debug", "Other", "5xx", "4xx", "3xx", "2xx")
COLOURS = ("#e01b24", "#f5a623", "#3584e4", "#9a9996", "#77767b", "#a51d2d", "#e66100", "#813d9c", "#2ec27e")
# A dot of its colour, and its name.
MARKUP = tuple(f'<span color="{colour}">●</span> {name}' for colour, name in zip(COLOURS, NAMES))

WORDS = {
    ERROR: ("emergency", "emerg", "panic", "alert", "critical", "crit", "fatal", "severe", "error", "err"),
    WARNING: ("warning", "warn"),
    INFO: ("notice", "info", "information"),
    DEBUG: ("debug", "trace", "verbose"),
}
OF_WORD = {word: kind for kind, words in WORDS.items() for word in words}
# 0 to 7, as syslog has them.
OF_SEVERITY = (ERROR, ERROR, ERROR, ERROR, WARNING, INFO, INFO, DEBUG)

ANY_WORD = "|".join(sorted(OF_WORD, key=len, reverse=True))
# Words of ordinary sentences are not meant: “no error”. A level is in capitals, or in brackets, or
# the first word before a colon, or says that it is one.
LEVEL = re.compile(
    rf"\b({ANY_WORD.upper()})\b"
    rf"|[\[<(](?:\w+:)?({ANY_WORD})[\])>]"
    rf"|^({ANY_WORD}):"
    rf"|\b(?:level|lvl|severity|priority)\W{{1,3}}({ANY_WORD})\b"
)
# Later words belong to what is quoted.
LEVEL_WITHIN = 80


def find(message):
    """Finds the kind of a message by the level it names."""
    found = LEVEL.search(message, 0, LEVEL_WITHIN)
    return OF_WORD[found[found.lastindex].lower()] if found else OTHER


def of_status(status):
    """The kind of an answer of a web server."""
    return {"5": HTTP_5, "4": HTTP_4, "3": HTTP_3}.get(status[0], HTTP_2)
