# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

from gi.repository.Mpel import AsyncEventLoop, AsyncManager


async def print_test(value, name):
    print("Print", name)
    return value


async def yield_range(value, name):
    print("Yield", name)
    for i in range(value):
        yield name + " " + str(i)


# Do not need to register anymore
# AsyncManager.register('print_test', print_test)
# AsyncManager.register('yield_range', yield_range)


if __name__ == '__main__':
    results = []

    def save_results(event):
        results.append(event.results)

    with AsyncEventLoop(output_handlers=save_results) as loop:
        loop.async_event(print_test, 1, "hello")
        loop.async_event(print_test, 2, "hi")
        loop.async_event('print_test', 3, "oi")  # Can also use the registered name
        loop.async_event(yield_range, 5, 'first')
        loop.async_event(yield_range, 5, 'second')

    print(results)
    # [1, 2, 3, 'first 0', 'first 1', 'second 0', 'first 2', 'second 1', 'first 3', 'second 2', 'first 4', 'second 3', 'second 4']
