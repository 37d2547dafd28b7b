# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""A module like any other: nothing in it is made for a worker."""

import collections
import re


def count_words(text, min_length=1):
    words = re.findall(r"\w+", text.lower())
    return dict(collections.Counter(word for word in words if len(word) >= min_length))


def shorten(text, length):
    if length < 1:
        raise ValueError("nothing would be left")
    return text if len(text) <= length else text[: length - 1] + "…"
