# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

from .event import Event


class CacheEvent(Event):
    pass


class CacheObjectEvent(CacheEvent):
    pass


class SaveVarEvent(CacheEvent):
    pass


class VarEvent(CacheEvent):
    pass
