# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""python3 -m gi.overrides.Mpel [MODULE…]: a worker for a host in any language.

Its targets are “module:function”, and the bare names of functions of the modules that are named.
Arguments and results are what GVariants hold, see values.py. A module that has a function
initialize_worker () is prepared by it.
"""

import importlib
import sys

from . import calls, coroutines, pickling
from .base import raw
from .bootstrap import ignore_interrupt


def initialize(modules):
    """Imports them before the first event, so that what is wrong with them is told as such."""
    for module in modules:
        initialize_module = getattr(module, "initialize_worker", None)
        if initialize_module is not None:
            variables = initialize_module()
            if isinstance(variables, dict):
                calls.current.variables.update(variables)


def main():
    worker = raw.Worker.get_default()
    if worker is None:
        sys.exit(__doc__)
    ignore_interrupt()
    current = calls.Calls(worker, pickling.get_default_codec())
    current.add_names()

    def start(worker):
        current.modules = [importlib.import_module(name) for name in sys.argv[1:]]
        initialize(current.modules)

    raw.Worker.set_initializer(worker, lambda worker: current.prepare(lambda: start(worker)))
    status = raw.Worker.run(worker)
    coroutines.leave()
    sys.exit(status)


if __name__ == "__main__":
    main()
