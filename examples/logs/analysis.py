# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Has files read by workers, and adds up what they find."""

import asyncio
import os

from gi.repository import GLib, Mpel

import reader
from table import Table
from weak import weakly

MAX_WORKERS = 4
GRACE_MS = 1000


class Source:
    """A file that is read, or was."""

    def __init__(self, path):
        self.path = path
        self.size = os.path.getsize(path) if os.path.isfile(path) else 0
        self.fraction = 0.0


class Analysis:
    """Reads files; changed () is called for whatever is new, in the main thread as all the rest."""

    def __init__(self, changed):
        self.changed = changed
        self.pool = Mpel.Pool(min(MAX_WORKERS, os.cpu_count() or 1), name="logs")
        self.pool.set_cancel_grace(GRACE_MS)
        self.table = Table()
        self.sources = []
        self.errors = []  # (path, message)
        self.was_cancelled = False
        self.tasks = set()

    def open(self, paths):
        """Reads these files, and forgets all others."""
        self.cancel()
        self.table = Table()
        self.sources = []
        self.errors = []
        self.was_cancelled = False
        for path in paths:
            source = Source(path)
            self.sources.append(source)
            task = Mpel.spawn(self._read(source, self.table))
            self.tasks.add(task)
            task.add_done_callback(self._forget)
        self.changed()

    async def _read(self, source, table):
        known = []
        try:
            async with self.pool.stream(reader.read, source.path) as parts:
                parts.event.connect("notify::progress", weakly(self._note_progress), source)
                async for part in parts:
                    table.add(part, known)
                    self.changed()
            source.fraction = 1.0
        except asyncio.CancelledError:
            raise
        except GLib.Error as error:
            self._tell(source, error.message)
        except OSError as error:
            self._tell(source, error.strerror or str(error))
        except Exception as error:
            self._tell(source, str(error))

    def _tell(self, source, message):
        source.fraction = 1.0
        if source in self.sources:
            self.errors.append((source.path, message))

    def _note_progress(self, event, pspec, source):
        source.fraction = event.get_progress()
        self.changed()

    def _forget(self, task):
        self.tasks.discard(task)
        self.changed()

    @property
    def is_reading(self):
        return bool(self.tasks)

    @property
    def fraction(self):
        """Of all files, by their size."""
        total = sum(source.size for source in self.sources)
        return sum(source.fraction * source.size for source in self.sources) / total if total else 0.0

    def cancel(self):
        """Stops reading, and keeps what there is."""
        self.was_cancelled = self.was_cancelled or self.is_reading
        for task in list(self.tasks):
            task.cancel()

    def close(self, closed):
        """Ends the workers, and calls closed () then."""
        self.cancel()
        self.pool.cancel_all()
        self.pool.stop_async(None, self._stopped, closed)

    def _stopped(self, pool, result, closed):
        try:
            pool.stop_finish(result)
        except GLib.Error:
            # Whatever it was, they are gone.
            pass
        closed()
