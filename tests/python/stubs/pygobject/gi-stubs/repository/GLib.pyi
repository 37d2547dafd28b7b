# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# Stands for the file of PyGObject-stubs, as far as the programs here need it.
from typing import Any

class Error(Exception):
    message: str
    domain: str
    code: int
    def matches(self, domain: str | int, code: int) -> bool: ...

class Variant:
    def __init__(self, format_string: str, value: Any) -> None: ...
    def unpack(self) -> Any: ...

class VariantType: ...
