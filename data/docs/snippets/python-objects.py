# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

import gi

gi.require_version("Mpel", "1")
from gi.repository import Mpel  # noqa: E402


class Album:
    def __init__(self, title="New"):
        self.title = title
        self.names = []

    def add(self, name):
        self.names.append(name)

    def count(self):
        return len(self.names)


class AlbumProxy(Mpel.Proxy):
    PROXY_CLASS = Album
    PROPERTIES = ["title", "names"]
    GETTERS = ["count"]


def keep(loop):
    album = Album()
    loop.add_event(album.add, "a.png", cache=True)
    loop.add_event(album.add, "b.png", cache=True)
    there = loop.cache_object(album, has_output=True)
    loop.wait()
    print(album.names, there.results.names)


def open_albums():
    return {"albums": {"first": Album("First")}, "limit": 100}


def name(loop):
    loop.save_variables(open_albums)
    title = loop.add_var_event("albums", lambda albums, key: albums[key].title, "first")
    limit = loop.add_var_event("limit")
    loop.wait()
    print(title.results, limit.results)


def picture(loop):
    album = AlbumProxy("Summer", loop=loop)
    album.add("c.png")
    album.title = "Summer 2026"
    print(album.title, album.names, album.count())  # what is known so far
    album.mp_wait()
    print(album.title, album.names, album.count())


with Mpel.EventLoop() as loop:
    keep(loop)
    name(loop)
    picture(loop)
