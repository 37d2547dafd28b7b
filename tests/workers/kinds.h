/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel.h"

G_BEGIN_DECLS

/* Classes of objects that are of a special kind: for what a worker finds, and what it cannot. */

/* Has a word to say. Method “word” → s. */
#define TEST_TYPE_SPEAKER (test_speaker_get_type ())
G_DECLARE_INTERFACE (TestSpeaker, test_speaker, TEST, SPEAKER, GObject)

struct _TestSpeakerInterface
{
  GTypeInterface g_iface;

  const char *word;
};

/* An int “sides”; methods “get_sides” → i and “get_name” → s, “shape”. A speaker. */
#define TEST_TYPE_SHAPE (test_shape_get_type ())
G_DECLARE_DERIVABLE_TYPE (TestShape, test_shape, TEST, SHAPE, GObject)

struct _TestShapeClass
{
  GObjectClass parent_class;
};

/* Has also an int “width”; its own “get_name” → s says “square”, “get_area” → i is new. */
#define TEST_TYPE_SQUARE (test_square_get_type ())
G_DECLARE_FINAL_TYPE (TestSquare, test_square, TEST, SQUARE, TestShape)

/* A string “secret” that can only be written, and an int “n-told” that can only be read: how often
 * that was. An object “other”, which cannot travel. */
#define TEST_TYPE_VAULT (test_vault_get_type ())
G_DECLARE_FINAL_TYPE (TestVault, test_vault, TEST, VAULT, GObject)

/* No worker knows it. */
#define TEST_TYPE_STRANGER (test_stranger_get_type ())
G_DECLARE_FINAL_TYPE (TestStranger, test_stranger, TEST, STRANGER, GObject)

/* All of them but the stranger, with their methods. */
void kinds_register (MpelWorker *worker);

G_END_DECLS
