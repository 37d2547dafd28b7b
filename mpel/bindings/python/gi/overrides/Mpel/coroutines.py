# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Coroutines of the worker: asyncio's own loop, in a thread of its own.

So a function that computes on the main thread holds up no coroutine for longer than Python's
threads hold each other up, and one that calls asyncio.run () itself finds no loop in its way.
"""

import contextvars
import threading
import types

from gi.repository import GObject

from . import invocation as invocations
from .answers import flush, make_cancelled_error

# Of threads that wait for room, one for each stream whose host has enough; they are made when needed.
MAX_STREAMS = 10000
# How long coroutines may take to end when the worker leaves, in seconds.
LEAVE = 5

yield_value = invocations.RawInvocation.yield_value


# The first coroutine imports it, since that takes longer than to start the rest of the worker.
asyncio = None


class Thread:
    """Runs asyncio's loop, from the first coroutine to the end of the worker."""

    def __init__(self):
        global asyncio

        import asyncio
        from concurrent.futures import ThreadPoolExecutor

        self.loop = asyncio.new_event_loop()
        self.room = ThreadPoolExecutor(MAX_STREAMS, "mpel-yield")
        self.thread = threading.Thread(target=self.run, name="mpel-asyncio", daemon=True)
        self.thread.start()

    def run(self):
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_forever()
            self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        finally:
            self.loop.close()

    def call(self, function, *args):
        """In the loop, whatever thread this is."""
        try:
            self.loop.call_soon_threadsafe(function, *args)
        except RuntimeError:
            pass  # it has ended

    def begin(self, invocation, answers, results, mode):
        context = contextvars.copy_context()
        context.run(invocations.of_task.set, invocation)
        task = context.run(self.loop.create_task, answer(invocation, answers, results, mode))
        cancellable = invocation.get_cancellable()
        # Comes in GDBus's thread, at once. Not Gio.Cancellable.connect (), which waits for handlers
        # when it disconnects.
        handler = GObject.Object.connect(cancellable, "cancelled", lambda _: self.call(task.cancel))

        def finish(task):
            GObject.Object.disconnect(cancellable, handler)
            if task.cancelled():
                # Before its first step: otherwise it has answered.
                drop(results)
                answers.fail(invocation, make_cancelled(invocation, asyncio.CancelledError()))

        task.add_done_callback(finish)
        if cancellable.is_cancelled():
            task.cancel()

    async def end(self):
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.loop.stop()

    async def yield_all(self, invocation, answers, generator):
        try:
            async for value in generator:
                variant = answers.to_variant(value)
                flush()
                await self.loop.run_in_executor(self.room, yield_value, invocation, variant)
        finally:
            await generator.aclose()


thread = None


def get_thread():
    global thread

    if thread is None:
        thread = Thread()
    return thread


def make_cancelled(invocation, error):
    """The error for a coroutine that was cancelled by the host, or by whatever else."""
    return make_cancelled_error() if invocation.is_cancelled() else error


def drop(results):
    """What never began has nothing to tidy up."""
    if isinstance(results, types.CoroutineType):
        results.close()


async def answer(invocation, answers, results, mode):
    """Goes on with what a call has given that is no result yet, to its very end."""
    try:
        if invocation.is_cancelled():
            # While others kept it from beginning; that its task was cancelled comes behind this.
            drop(results)
            raise asyncio.CancelledError
        if isinstance(results, types.AsyncGeneratorType):
            await thread.yield_all(invocation, answers, results)
            answers.end_items(invocation, None, mode)
        else:
            answers.finish(invocation, await results)
    except asyncio.CancelledError as error:
        answers.fail(invocation, make_cancelled(invocation, error))
    except BaseException as error:
        answers.fail(invocation, error)


def go_on(invocation, answers, results, mode):
    """Goes on with a coroutine or an asynchronous generator beside whatever the worker does."""
    loop = get_thread()
    loop.call(loop.begin, invocation, answers, results, mode)


def leave():
    """When the worker leaves: those that are left are cancelled, and may tidy up."""
    if thread is not None:
        thread.call(lambda: thread.loop.create_task(thread.end()))
        thread.thread.join(LEAVE)
