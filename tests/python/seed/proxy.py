# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

from gi.repository import Mpel as mp_event_loop

class Point(object):
    def __init__(self, x=0, y=0, z=0):
        self.x = x
        self.y = y
        self._z = z

    def get_z(self):
        return self._z

    def set_z(self, z):
        self._z = z

    def move(self, x, y, z):
        self.x = x
        self.y = y
        self._z = z

class MpPoint(mp_event_loop.Proxy):
    PROXY_CLASS = Point
    PROPERTIES = ['x', 'y']
    GETTERS = ['get_z']

    def __init__(self, x=0, y=0, z=0, loop=None):
        super().__init__(loop=loop)
        self.x = x
        self.y = y
        self._z = z



with mp_event_loop.EventLoop() as loop:
    p = MpPoint(loop=loop)
    p.set_z(3)  # Runs in the other process
    assert p._z != 3
    assert p.get_z() != 3

    # Sends object down to separate process and runs move.
    # The separate process has attributes x and y and uses get_z and set_z to have the correct z value.
    p.move(1, 2, 7)
    assert p.x == 0
    assert p.y == 0
    assert p._z == 3
    assert p.get_z() == 3

assert p.x == 1
assert p.y == 2
assert p.get_z() == 7
