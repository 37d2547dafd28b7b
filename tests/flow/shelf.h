/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-test.h"

G_BEGIN_DECLS

/* What stands on a shelf. Host and worker both know the class. */
#define TYPE_BOOK (book_get_type ())
G_DECLARE_FINAL_TYPE (Book, book, TEST, BOOK, GObject)

Book       *book_new (int number);
int         book_get_number (Book *self);
const char *book_get_title (Book *self);
/* How many there are in this process. */
guint book_count (void);

/* An object with a property that is a list of books. */
#define TYPE_SHELF (shelf_get_type ())
G_DECLARE_FINAL_TYPE (Shelf, shelf, TEST, SHELF, GObject)

/* The methods of Shelf: fill (n), splice (position, n_removed, n_added), shuffle (seed, n_changes),
 * twice (): its first book once more, add (h): that book, renumber (n): its first book, numbers () → ai,
 * count () → u: of books in the process, store () → h, lie (id, v): items of a list, burst (n, ms): from
 * now on so many changes each time, until n is 0. */
void shelf_register (MpelWorker *worker);

/* A proxy of a new shelf, and a list of what is on it. */
MpelProxy      *shelf_proxy_new (MpelEventLoop *loop);
MpelRemoteList *shelf_list_new (MpelProxy *shelf,
                                GType      item_type);
void            shelf_wait_until (MpelRemoteList *list,
                                  MpelProxyState  state);
/* Calls a method, takes floating @args. Returns: (transfer full): its results */
GVariant *shelf_call (MpelProxy  *shelf,
                      const char *method,
                      GVariant   *args);
/* The list has the same books as the one in the worker, in the same order. */
void shelf_assert_same (MpelProxy      *shelf,
                        MpelRemoteList *list);

/* What most stories of lists begin with. */
typedef struct
{
  MpelTestTrace   before;
  MpelEventLoop  *loop;  /* (owned) */
  MpelProxy      *shelf; /* (owned) */
  MpelRemoteList *list;  /* (owned) (nullable) */
} ShelfStory;

void shelf_story_begin (ShelfStory *story,
                        guint       n,
                        GType       item_type);
/* Nothing is left. */
void     shelf_story_end (ShelfStory *story);
void     shelf_story_call (ShelfStory *story,
                           const char *method,
                           GVariant   *args);
guint    shelf_story_count_items (ShelfStory *story);
gpointer shelf_story_get_item (ShelfStory *story,
                               guint       position);
int      shelf_story_get_number (ShelfStory *story,
                                 guint       position);
/* How many books there are in the worker. */
guint shelf_story_count_in_worker (ShelfStory *story);

G_END_DECLS
