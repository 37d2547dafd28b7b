# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Prints where modules of Python go below a prefix: where the interpreter will look for them."""

import site
import sys
import sysconfig

prefix = sys.argv[1].rstrip("/")
for folder in site.getsitepackages():
    if folder.startswith(f"{prefix}/lib"):
        print(folder)
        break
else:
    print(sysconfig.get_path("purelib", "posix_prefix", vars={"base": prefix}))
