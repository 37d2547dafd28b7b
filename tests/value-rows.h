/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Values of all types that travel, each with what it is in the variant in which it does. Made and
 * compared by means of GLib only, so that they say whether the library is right. */
typedef struct
{
  const char        *name;
  const char        *property; /* of TestValues; its type is the value's */
  gint64             number;   /* also booleans, enumerations and flags */
  guint64            unsigned_number;
  double             real;
  const char        *string; /* (nullable) also the text of a variant; of a date, without its offset */
  gsize              times;  /* how often the string is there, or bytes are; 0: once */
  const char *const *strv;   /* (nullable) */
  const char        *data;   /* (nullable) bytes */
  gsize              length; /* of @data */
  guint              depth;  /* so many variants are around a variant */
  const char        *zone;   /* of a date */
  GType (*get_type) (void);  /* (nullable) the value of a type */
  const char *wire;          /* (nullable) for those that nobody could write down */
} ValueRow;

const ValueRow *value_rows (guint *n_rows);
const ValueRow *value_row_find (const char *name);

/* Of which type it is. */
GType value_row_get_type (const ValueRow *row);
/* @value: (out caller-allocates): to be unset */
void value_row_make (const ValueRow *row,
                     GValue         *value);
/* Bit by bit: what is no number is itself, and zeros of different signs differ. */
gboolean value_row_is (const ValueRow *row,
                       const GValue   *value);

/* Has a property of each type, named as that, without bounds. */
#define TEST_TYPE_VALUES (test_values_get_type ())
G_DECLARE_FINAL_TYPE (TestValues, test_values, TEST, VALUES, GObject)

G_END_DECLS
