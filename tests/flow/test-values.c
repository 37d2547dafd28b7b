/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What properties hold, in a host and in a worker: each row of the table arrives there as it was
 * here, and here as it is there. */

#include "config.h"
#include "mpel-test.h"
#include "value-rows.h"

/* (hs): whether the object has the value of the row of that name. */
static GVariant *
has_value (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  g_auto (GValue) value = G_VALUE_INIT;
  const ValueRow *row;
  const char     *name;
  int             handle;
  GObject        *object;

  g_variant_get (args, "(h&s)", &handle, &name);
  object = mpel_invocation_lookup_object (invocation, handle, error);
  if (object == NULL)
    return NULL;

  row = value_row_find (name);
  g_value_init (&value, value_row_get_type (row));
  g_object_get_property (object, row->property, &value);
  return g_variant_new_boolean (value_row_is (row, &value));
}

/* (s): the object takes the value of the row of that name. */
static GVariant *
take_value (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  g_auto (GValue) value = G_VALUE_INIT;
  const ValueRow *row;
  const char     *name;

  g_variant_get (args, "(&s)", &name);
  row = value_row_find (name);
  value_row_make (row, &value);
  g_object_set_property (object, row->property, &value);
  return g_variant_new ("()");
}

/* (): → (h), an object that has nothing yet. */
static GVariant *
make_object_here (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  g_autoptr (GObject) object = g_object_new (TEST_TYPE_VALUES, NULL);

  return g_variant_new ("(h)", mpel_invocation_add_object (invocation, object));
}

/* Notes the row's name, and why, in case that it is @wrong. */
static void
note (GString *failed, const ValueRow *row, gboolean wrong, const GError *error)
{
  if (wrong)
    g_string_append_printf (failed, "%s: %s\n", row->name, error != NULL ? error->message : "differs");
}

static GObject *
make_object (const ValueRow *row)
{
  GObject *object = g_object_new (TEST_TYPE_VALUES, NULL);
  g_auto (GValue) value = G_VALUE_INIT;

  value_row_make (row, &value);
  g_object_set_property (object, row->property, &value);
  return object;
}

static MpelEvent *
add_has_value (MpelEventLoop *loop, const ValueRow *row, gboolean cache)
{
  g_autoptr (GObject) object = make_object (row);
  g_autoptr (MpelEvent) cached = cache ? mpel_event_loop_cache_object (loop, object, FALSE, NULL) : NULL;
  MpelEvent *event = mpel_event_new ("has_value", NULL, NULL);

  mpel_event_set_cache (event, cache);
  mpel_event_set_args (event, g_variant_new ("(hs)", mpel_event_add_object (event, object), row->name));
  mpel_test_add_event (loop, event);
  return event;
}

static void
assert_arrives (gboolean cache)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (GString) failed = g_string_new (NULL);
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func (g_object_unref);
  guint           n_rows;
  const ValueRow *rows = value_rows (&n_rows);

  for (guint i = 0; i < n_rows; i++)
    g_ptr_array_add (events, add_has_value (loop, &rows[i], cache));
  mpel_test_wait (loop);

  for (guint i = 0; i < n_rows; i++)
    {
      GVariant *results = mpel_event_get_results (events->pdata[i]);

      note (failed, &rows[i], results == NULL || !g_variant_get_boolean (results), mpel_event_get_error (events->pdata[i]));
    }
  g_assert_cmpstr (failed->str, ==, "");
  g_ptr_array_set_size (events, 0);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_by_value (void)
{
  g_test_summary ("An object that travels has in the worker what it has in the host.");

  assert_arrives (FALSE);
}

static void
test_cached (void)
{
  g_test_summary ("So has one that stays in the worker.");

  assert_arrives (TRUE);
}

/* Returns: (transfer full): the event that will bring back the object's state */
static MpelEvent *
add_take_value (MpelEventLoop *loop, const ValueRow *row)
{
  g_autoptr (GObject) object = g_object_new (TEST_TYPE_VALUES, NULL);
  g_autoptr (MpelEvent) take = mpel_event_new_method (object, "take_value", g_variant_new ("(s)", row->name), NULL);
  MpelEvent *state = mpel_event_new_method (object, NULL, NULL, NULL);

  mpel_event_set_cache (take, TRUE);
  mpel_event_set_cache (state, TRUE);
  mpel_test_add_event (loop, take);
  mpel_test_add_event (loop, state);
  return state;
}

static void
note_state (GString *failed, const ValueRow *row, MpelEvent *state)
{
  GObject *object = mpel_event_get_object (state);
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;
  gboolean was_updated = mpel_event_update_object (state, &error);

  g_value_init (&value, value_row_get_type (row));
  g_object_get_property (object, row->property, &value);
  note (failed, row, !was_updated || !value_row_is (row, &value), error);
}

static void
test_back (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (GString) failed = g_string_new (NULL);
  g_autoptr (GPtrArray) states = g_ptr_array_new_with_free_func (g_object_unref);
  guint           n_rows;
  const ValueRow *rows = value_rows (&n_rows);

  g_test_summary ("What a worker does to an object comes back into the host's.");

  for (guint i = 0; i < n_rows; i++)
    g_ptr_array_add (states, add_take_value (loop, &rows[i]));
  mpel_test_wait (loop);

  for (guint i = 0; i < n_rows; i++)
    note_state (failed, &rows[i], states->pdata[i]);
  g_assert_cmpstr (failed->str, ==, "");
  g_ptr_array_set_size (states, 0);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
is_ready_cb (MpelProxy *proxy, GParamSpec *pspec, gboolean *is_ready)
{
  *is_ready = mpel_proxy_get_state (proxy) == MPEL_PROXY_STATE_READY;
}

/* Returns: (transfer full): of a type that was made of what the worker says of its class */
static MpelProxy *
make_proxy (MpelEventLoop *loop)
{
  g_autoptr (MpelEvent) event = mpel_event_new ("make_object_here", NULL, NULL);
  MpelProxy *proxy;
  gboolean   is_ready;
  gulong     id;

  mpel_test_add_event (loop, event);
  mpel_test_wait (loop);
  g_assert_no_error (mpel_event_get_error (event));
  proxy = mpel_proxy_get_for_result (event, 0);
  g_assert_nonnull (proxy);
  id = g_signal_connect (proxy, "notify::state", G_CALLBACK (is_ready_cb), &is_ready);
  is_ready_cb (proxy, NULL, &is_ready);
  mpel_test_iterate_until (&is_ready);
  g_signal_handler_disconnect (proxy, id);
  return proxy;
}

static void
note_write (GString *failed, MpelEventLoop *loop, MpelProxy *proxy, const ValueRow *row)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (MpelEvent) event = mpel_event_new ("has_value", NULL, NULL);
  GVariant *results;

  value_row_make (row, &value);
  g_object_set_property (G_OBJECT (proxy), row->property, &value);
  mpel_event_set_args (event, g_variant_new ("(hs)", mpel_event_add_object (event, G_OBJECT (proxy)), row->name));
  mpel_test_add_event (loop, event);
  mpel_test_wait (loop);
  results = mpel_event_get_results (event);
  note (failed, row, results == NULL || !g_variant_get_boolean (results), mpel_event_get_error (event));
}

/* At the end of the event the change is there. */
static void
note_change (GString *failed, MpelEventLoop *loop, MpelProxy *proxy, const ValueRow *row)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (MpelEvent) event = mpel_event_new_method (G_OBJECT (proxy), "take_value", g_variant_new ("(s)", row->name), NULL);

  mpel_test_add_event (loop, event);
  mpel_test_wait (loop);
  g_value_init (&value, value_row_get_type (row));
  g_object_get_property (G_OBJECT (proxy), row->property, &value);
  note (failed, row, !value_row_is (row, &value), mpel_event_get_error (event));
}

static void
assert_mirrors (void (*note_row) (GString *failed, MpelEventLoop *loop, MpelProxy *proxy, const ValueRow *row))
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *proxy = make_proxy (loop);
  g_autoptr (GString) failed = g_string_new (NULL);
  guint           n_rows;
  const ValueRow *rows = value_rows (&n_rows);

  for (guint i = 0; i < n_rows; i++)
    note_row (failed, loop, proxy, &rows[i]);
  g_assert_cmpstr (failed->str, ==, "");
  g_assert_finalize_object (proxy);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_proxy_write (void)
{
  g_test_summary ("What is written to a proxy is what its object in the worker has.");

  assert_mirrors (note_write);
}

static void
test_proxy_change (void)
{
  g_test_summary ("What an object in the worker has is what its proxy shows.");

  assert_mirrors (note_change);
}

static void
test_refused (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (GObject) object = g_object_new (TEST_TYPE_VALUES, "string", "caf\xe9", NULL);
  g_autoptr (MpelEvent) event = mpel_event_new ("has_value", NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A value that cannot travel is told when its event is added, by the name of its property.");

  mpel_event_set_args (event, g_variant_new ("(hs)", mpel_event_add_object (event, object), "string-null"));
  g_assert_false (mpel_event_loop_add_event (loop, event, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  g_assert_true (g_pattern_match_simple ("*“string” of TestValues*UTF-8*", error->message));
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
register_targets (MpelWorker *worker)
{
  mpel_worker_add_function (worker, "has_value", has_value, NULL, NULL);
  mpel_worker_add_function (worker, "make_object_here", make_object_here, NULL, NULL);
  mpel_worker_add_class (worker, TEST_TYPE_VALUES, NULL);
  mpel_worker_add_method (worker, TEST_TYPE_VALUES, "take_value", take_value, NULL, NULL);
}

static void
add_tests (void)
{
  g_test_add_func ("/flow/values/by-value", test_by_value);
  g_test_add_func ("/flow/values/cached", test_cached);
  g_test_add_func ("/flow/values/back", test_back);
  g_test_add_func ("/flow/values/proxy-write", test_proxy_write);
  g_test_add_func ("/flow/values/proxy-change", test_proxy_change);
  g_test_add_func ("/flow/values/refused", test_refused);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
