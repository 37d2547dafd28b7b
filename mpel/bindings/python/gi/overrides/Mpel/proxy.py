# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

from .base import override, raw


@override
class Proxy(raw.Proxy):
    pass
