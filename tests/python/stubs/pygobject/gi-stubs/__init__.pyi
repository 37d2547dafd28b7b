# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# Stands for the file of PyGObject-stubs, as far as the programs here need it.
def require_version(namespace: str, version: str) -> None: ...
