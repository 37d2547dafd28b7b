# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

import asyncio
import concurrent.futures

import gi

gi.require_version("Mpel", "1")
from gi.repository import GLib, Mpel  # noqa: E402


# In the worker.


def scan(steps):
    call = Mpel.get_invocation()
    for step in range(steps):
        if call.is_cancelled():
            return None  # nobody wants it
        call.progress((step + 1) / steps, f"step {step + 1}")
    return steps


def squares(n):
    for number in range(n):
        yield number * number


async def fetch(name):
    await asyncio.sleep(0.01)  # others run meanwhile
    return f"what {name} has"


# In the host.


async def main():
    with Mpel.EventLoop() as loop:
        print(await loop.call(scan, 3))
        print(await asyncio.gather(loop.call(fetch, "a"), loop.call(fetch, "b")))

        async for square in loop.stream(squares, 4):
            print(square)

        try:
            await asyncio.wait_for(loop.call(asyncio.sleep, 3600), timeout=0.1)
        except asyncio.TimeoutError:
            print("too late, and cancelled")


asyncio.run(main())


class Window:
    """With a main loop of GLib, such as that of a Gtk.Application."""

    def __init__(self):
        self.loop = Mpel.EventLoop()
        self.main_loop = GLib.MainLoop()

    def show_progress(self, fraction, message):
        if fraction == 1:
            print(message)

    async def load(self):
        try:
            result = await self.loop.call_with(scan, (5,), progress=self.show_progress, timeout=60)
            print("scanned", result)
        finally:
            self.main_loop.quit()

    def on_open_clicked(self):
        self.task = Mpel.spawn(self.load())

    def on_close_clicked(self):
        self.task.cancel()


window = Window()
window.on_open_clicked()
window.main_loop.run()
window.loop.close()

with Mpel.Pool(2) as pool:
    print(list(pool.map(pow, (2, 3, 4), (5, 2, 1))))
    futures = [pool.submit(scan, steps) for steps in (1, 2)]
    print(sum(future.result() for future in concurrent.futures.as_completed(futures)))
