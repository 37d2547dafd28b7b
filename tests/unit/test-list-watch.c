/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a list of the worker tells. The objects and the reporter are played by this file. */

#include "config.h"
#include "mpel-frame-private.h"
#include "mpel-list-watch-private.h"
#include "mpel-names-private.h"
#include "mpel-objects-private.h"

#define LIST_ID 6

typedef struct
{
  GHashTable    *ids;     /* (owned) of GObject → id */
  GPtrArray     *objects; /* (owned) of (unowned) GObject, those that are gone included: at id / 2 */
  GHashTable    *holds;   /* (owned) of (owned) GObject → how often it is held */
  GArray        *host;    /* (owned) of guint64: the list as the host has it */
  GPtrArray     *texts;   /* (owned) of (owned) char *: what was told */
  gsize          largest;
  GSList        *tellers; /* (owned) of (owned) Teller */
  gboolean       is_full;
  gboolean       is_hasty; /* who hears of a change before the watch does reports something */
  gsize          weight;   /* bytes of a state */
  GFunc          reading;
  gpointer       reading_data;
  GListStore    *store; /* (owned) */
  MpelListWatch *watch; /* (owned) (nullable) */
} Story;

typedef struct
{
  MpelTellFunc tell;
  gpointer     teller;
} Teller;

static Story *story = NULL;

/* Addresses of objects that are gone may come again, but not their ids. */
static void
forget_object_cb (gpointer user_data, GObject *where_it_was)
{
  if (story != NULL)
    g_hash_table_remove (story->ids, where_it_was);
}

guint64
mpel_objects_hold (MpelObjects *self, GObject *object)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (story->holds, object));

  if (!g_hash_table_contains (story->ids, object))
    {
      g_hash_table_insert (story->ids, object, GUINT_TO_POINTER (2 * story->objects->len + 1));
      g_ptr_array_add (story->objects, object);
      g_object_weak_ref (object, forget_object_cb, NULL);
    }
  g_hash_table_insert (story->holds, g_object_ref (object), GUINT_TO_POINTER (n + 1));
  return GPOINTER_TO_UINT (g_hash_table_lookup (story->ids, object));
}

void
mpel_objects_unhold (MpelObjects *self, guint64 id)
{
  GObject *object = story->objects->pdata[id / 2];
  guint    n = GPOINTER_TO_UINT (g_hash_table_lookup (story->holds, object));

  g_assert_cmpuint (n, >, 0);
  if (n > 1)
    g_hash_table_insert (story->holds, g_object_ref (object), GUINT_TO_POINTER (n - 1));
  else
    g_hash_table_remove (story->holds, object);
}

const char *
mpel_objects_get_class_name (MpelObjects *self, GObject *object)
{
  return G_OBJECT_TYPE_NAME (object);
}

GVariant *
mpel_objects_get_state (MpelObjects *self, GObject *object)
{
  GVariantDict     dict = G_VARIANT_DICT_INIT (NULL);
  g_autofree char *weight = g_strnfill (story->weight, 'x');

  if (story->reading != NULL)
    story->reading (object, story->reading_data);
  g_variant_dict_insert (&dict, "weight", "s", weight);
  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

MpelReporter *
mpel_reporter_ref (MpelReporter *self)
{
  return self;
}

void
mpel_reporter_unref (MpelReporter *self)
{
}

gboolean
mpel_reporter_has_room (MpelReporter *self)
{
  return !story->is_full;
}

void
mpel_reporter_remove_teller (MpelReporter *self, gpointer teller)
{
  for (GSList *link = story->tellers; link != NULL; link = link->next)
    if (((Teller *) link->data)->teller == teller)
      {
        g_free (link->data);
        story->tellers = g_slist_delete_link (story->tellers, link);
        return;
      }
}

void
mpel_reporter_add_teller (MpelReporter *self, MpelTellFunc tell, gpointer teller)
{
  Teller *record = g_new0 (Teller, 1);

  mpel_reporter_remove_teller (self, teller);
  record->tell = tell;
  record->teller = teller;
  story->tellers = g_slist_prepend (story->tellers, record);
}

/* As the reporter does before an answer. */
static void
catch_up (void)
{
  while (story->tellers != NULL)
    {
      Teller *record = story->tellers->data;
      Teller  copy = *record;

      mpel_reporter_remove_teller (NULL, copy.teller);
      copy.tell (copy.teller);
    }
}

static char *
describe (guint position, guint n_removed, GVariant *items)
{
  return g_strdup_printf ("%u -%u +%u", position, n_removed, (guint) g_variant_n_children (items));
}

/* As the host does. */
void
mpel_reporter_add_items (MpelReporter *self, guint64 id, GVariant *value)
{
  g_autoptr (GVariant) items = NULL;
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (guint64));
  guint position, n_removed;

  g_assert_cmpuint (id, ==, LIST_ID);
  g_assert_true (g_variant_is_of_type (value, MPEL_ITEMS_VARIANT_TYPE));
  story->largest = MAX (story->largest, g_variant_get_size (value));
  g_variant_get (value, "(uu@a(tsa{sv}))", &position, &n_removed, &items);
  g_ptr_array_add (story->texts, describe (position, n_removed, items));
  for (gsize i = 0; i < g_variant_n_children (items); i++)
    {
      guint64 item;

      g_variant_get_child (items, i, "(tsa{sv})", &item, NULL, NULL);
      g_array_append_val (ids, item);
    }
  g_assert_cmpuint (position, <=, story->host->len);
  g_assert_cmpuint (n_removed, <=, story->host->len - position);
  g_array_remove_range (story->host, position, n_removed);
  g_array_insert_vals (story->host, position, ids->data, ids->len);
}

static void
add_object (guint position)
{
  g_autoptr (GObject) object = g_object_new (G_TYPE_OBJECT, NULL);

  g_list_store_insert (story->store, position, object);
}

static void
add_objects (guint n)
{
  g_autoptr (GPtrArray) objects = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (objects, g_object_new (G_TYPE_OBJECT, NULL));
  g_list_store_splice (story->store, 0, 0, objects->pdata, n);
}

static guint
count_items (void)
{
  return g_list_model_get_n_items (G_LIST_MODEL (story->store));
}

static void
changed_early_cb (GListModel *model, guint position, guint n_removed, guint n_added, gpointer user_data)
{
  if (story->is_hasty)
    catch_up ();
}

static void
begin (guint n_items)
{
  story = g_new0 (Story, 1);
  story->ids = g_hash_table_new (NULL, NULL);
  story->objects = g_ptr_array_new ();
  story->holds = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  story->host = g_array_new (FALSE, FALSE, sizeof (guint64));
  story->texts = g_ptr_array_new_with_free_func (g_free);
  story->store = g_list_store_new (G_TYPE_OBJECT);
  g_signal_connect (story->store, "items-changed", G_CALLBACK (changed_early_cb), NULL);
  add_objects (n_items);
  story->watch = mpel_list_watch_new (G_LIST_MODEL (story->store), LIST_ID, NULL, NULL);
}

static void
assert_told (const char *expected)
{
  g_autofree char *told = NULL;

  g_ptr_array_add (story->texts, NULL);
  told = g_strjoinv (", ", (char **) story->texts->pdata);
  g_ptr_array_set_size (story->texts, 0);
  g_assert_cmpstr (told, ==, expected);
}

static void
forget_told (void)
{
  g_ptr_array_set_size (story->texts, 0);
}

static void
turn (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* The host has the list, and nothing is held but what is in it, as often as it is. */
static void
assert_same (void)
{
  guint          n_held = 0;
  GHashTableIter iter;
  gpointer       n;

  g_assert_cmpuint (story->host->len, ==, count_items ());
  for (guint i = 0; i < story->host->len; i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (G_LIST_MODEL (story->store), i);

      g_assert_cmpuint (g_array_index (story->host, guint64, i), ==, GPOINTER_TO_UINT (g_hash_table_lookup (story->ids, item)));
    }
  g_hash_table_iter_init (&iter, story->holds);
  while (g_hash_table_iter_next (&iter, NULL, &n))
    n_held += GPOINTER_TO_UINT (n);
  g_assert_cmpuint (n_held, ==, count_items ());
}

static void
end (void)
{
  g_clear_pointer (&story->watch, mpel_list_watch_free);
  g_assert_null (story->tellers);
  g_assert_cmpuint (g_hash_table_size (story->holds), ==, 0);
  turn ();
  g_assert_finalize_object (story->store);
  g_hash_table_unref (story->ids);
  g_ptr_array_unref (story->objects);
  g_hash_table_unref (story->holds);
  g_array_unref (story->host);
  g_ptr_array_unref (story->texts);
  g_clear_pointer (&story, g_free);
}

static void
test_first (void)
{
  g_test_summary ("All items are told at once; of an empty list there is nothing to tell.");

  begin (3);
  assert_told ("0 -0 +3");
  assert_same ();
  end ();
  begin (0);
  assert_told ("");
  end ();
}

static void
test_long (void)
{
  g_test_summary ("No record is much longer than a batch, also if there are many items.");

  begin (0);
  story->weight = 1000;
  add_objects (5000);
  turn ();
  g_assert_cmpuint (story->texts->len, >, 50);
  g_assert_cmpuint (story->largest, <, MPEL_BATCH_BYTES + 2000);
  assert_same ();

  forget_told ();
  g_list_store_remove_all (story->store);
  turn ();
  assert_told ("0 -5000 +0");
  end ();
}

static void
test_large_items (void)
{
  g_test_summary ("An item that is larger than a batch travels alone.");

  begin (0);
  story->weight = 2 * MPEL_BATCH_BYTES;
  add_objects (3);
  turn ();
  assert_told ("0 -0 +1, 1 -0 +1, 2 -0 +1");
  assert_same ();
  end ();
}

static void
test_merged (void)
{
  g_test_summary ("What is added at the end in one turn is told once, when the turn is over.");

  begin (2);
  forget_told ();
  for (guint i = 0; i < 100; i++)
    add_object (count_items ());
  assert_told ("");
  turn ();
  assert_told ("2 -0 +100");
  assert_same ();
  end ();
}

static void
test_passing (void)
{
  g_test_summary ("Of an item that came and went in one turn nobody hears.");

  begin (2);
  forget_told ();
  add_object (1);
  g_list_store_remove (story->store, 1);
  turn ();
  assert_told ("");
  assert_same ();

  add_object (1);
  g_list_store_remove (story->store, 0);
  turn ();
  assert_told ("0 -1 +1");
  assert_same ();
  end ();
}

static void
test_apart (void)
{
  g_test_summary ("Changes in places that lie apart are told each by itself, in order.");

  begin (100);
  forget_told ();
  add_object (50);
  add_object (10);
  g_list_store_remove (story->store, 90);
  g_list_store_remove (story->store, 0);
  turn ();
  assert_told ("50 -0 +1, 10 -0 +1, 90 -1 +0, 0 -1 +0");
  assert_same ();
  end ();
}

static void
test_before_answer (void)
{
  g_test_summary ("What waits is told before an answer, and then not again.");

  begin (1);
  forget_told ();
  add_object (0);
  catch_up ();
  assert_told ("0 -0 +1");
  turn ();
  assert_told ("");
  assert_same ();
  end ();
}

static void
test_before_signal (void)
{
  g_test_summary ("What has changed already, but was not heard of, is not told with what was.");

  begin (10);
  forget_told ();
  story->is_hasty = TRUE;
  add_object (5);
  g_list_store_remove (story->store, 5);
  assert_told ("5 -0 +1");
  add_object (2);
  assert_told ("5 -1 +0");
  turn ();
  assert_told ("2 -0 +1");
  assert_same ();
  end ();
}

static void
test_no_room (void)
{
  g_test_summary ("Without room all changes become one, told when there is room or somebody needs it.");

  begin (100);
  forget_told ();
  story->is_full = TRUE;
  for (guint i = 0; i < 1000; i++)
    {
      add_object (20 + i % 10);
      g_list_store_remove (story->store, 40 + i % 7);
      turn ();
    }
  assert_told ("");
  story->is_full = FALSE;
  catch_up ();
  assert_told ("20 -26 +26");
  assert_same ();
  end ();
}

static void
test_twice (void)
{
  g_autoptr (GObject) object = g_object_new (G_TYPE_OBJECT, NULL);

  g_test_summary ("The same object in two places is held until it has left both.");

  begin (1);
  g_list_store_append (story->store, object);
  g_list_store_append (story->store, object);
  turn ();
  assert_same ();
  g_assert_cmpuint (g_array_index (story->host, guint64, 1), ==, g_array_index (story->host, guint64, 2));

  g_list_store_remove (story->store, 1);
  turn ();
  assert_same ();
  g_assert_true (g_hash_table_contains (story->holds, object));
  g_list_store_remove (story->store, 1);
  turn ();
  assert_same ();
  g_assert_false (g_hash_table_contains (story->holds, object));
  end ();
}

static int
compare_addresses (gconstpointer a, gconstpointer b, gpointer user_data)
{
  return a < b ? -1 : a > b;
}

static void
test_sorted (void)
{
  g_test_summary ("Items that only move are never let go.");

  begin (50);
  forget_told ();
  g_list_store_sort (story->store, compare_addresses, NULL);
  turn ();
  assert_told ("0 -50 +50");
  assert_same ();
  end ();
}

static void
test_wrong_signals (void)
{
  g_test_summary ("A list whose signals do not fit its items is compared with what was told.");

  begin (10);
  forget_told ();
  g_list_model_items_changed (G_LIST_MODEL (story->store), 8, 5, 0);
  turn ();
  assert_told ("");
  g_list_model_items_changed (G_LIST_MODEL (story->store), 3, 0, 20);
  turn ();
  assert_told ("");
  g_list_model_items_changed (G_LIST_MODEL (story->store), G_MAXUINT, G_MAXUINT, G_MAXUINT);
  add_object (4);
  turn ();
  assert_told ("4 -0 +1");
  assert_same ();
  end ();
}

static void
change_store (gpointer object, gpointer user_data)
{
  guint *n = user_data;

  if (*n == 0)
    return;
  (*n)--;
  add_object (*n % 2 == 0 ? 0 : count_items ());
}

static void
test_reading_changes (void)
{
  guint n = 20;

  g_test_summary ("Getters that change the list while it is told confuse nobody.");

  begin (10);
  story->reading = change_store;
  story->reading_data = &n;
  add_object (5);
  add_object (2);
  turn ();
  g_assert_cmpuint (n, ==, 0);
  assert_same ();
  end ();
}

static void
ask (gpointer object, gpointer user_data)
{
  catch_up ();
}

static void
test_reading_reports (void)
{
  g_test_summary ("Getters that report something are no reason to tell items twice.");

  begin (10);
  forget_told ();
  story->reading = ask;
  add_object (5);
  turn ();
  assert_told ("5 -0 +1");
  assert_same ();
  end ();
}

static void
drop_watch (gpointer object, gpointer user_data)
{
  g_clear_pointer (&story->watch, mpel_list_watch_free);
}

static void
test_reading_drops (void)
{
  g_test_summary ("A watch may be dropped while it tells.");

  begin (10);
  story->reading = drop_watch;
  g_list_store_remove (story->store, 2);
  add_objects (5);
  turn ();
  g_assert_null (story->watch);
  end ();
}

static gpointer
add_in_thread (gpointer user_data)
{
  add_object (1);
  add_object (0);
  return NULL;
}

static void
test_thread (void)
{
  g_test_summary ("What another thread changes is told by the main thread.");

  begin (3);
  forget_told ();
  g_thread_join (g_thread_new ("changes", add_in_thread, NULL));
  assert_told ("");
  turn ();
  assert_told ("0 -1 +3");
  assert_same ();
  end ();
}

static void
change_at_random (void)
{
  guint n = count_items ();
  guint position = (guint) g_test_rand_int_range (0, (gint32) n + 1);
  guint n_removed = (guint) g_test_rand_int_range (0, (gint32) MIN (n - position, 5) + 1);
  guint n_added = (guint) g_test_rand_int_range (0, 6);
  g_autoptr (GPtrArray) objects = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n_added; i++)
    if (n > 0 && g_test_rand_int_range (0, 4) == 0)
      g_ptr_array_add (objects, g_list_model_get_item (G_LIST_MODEL (story->store), (guint) g_test_rand_int_range (0, (gint32) n)));
    else
      g_ptr_array_add (objects, g_object_new (G_TYPE_OBJECT, NULL));
  g_list_store_splice (story->store, position, n_removed, objects->pdata, n_added);
}

static void
test_random (void)
{
  g_test_summary ("After any changes the host has the same list.");

  begin (20);
  for (guint i = 0; i < 2000; i++)
    {
      change_at_random ();
      story->is_full = g_test_rand_int_range (0, 2) == 0;
      story->is_hasty = g_test_rand_int_range (0, 4) == 0;
      switch (g_test_rand_int_range (0, 4))
        {
        case 0:
          turn ();
          break;
        case 1:
          catch_up ();
          assert_same ();
          break;
        default:
          break;
        }
    }
  catch_up ();
  assert_same ();
  end ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/list-watch/first", test_first);
  g_test_add_func ("/list-watch/long", test_long);
  g_test_add_func ("/list-watch/large-items", test_large_items);
  g_test_add_func ("/list-watch/merged", test_merged);
  g_test_add_func ("/list-watch/passing", test_passing);
  g_test_add_func ("/list-watch/apart", test_apart);
  g_test_add_func ("/list-watch/before-answer", test_before_answer);
  g_test_add_func ("/list-watch/before-signal", test_before_signal);
  g_test_add_func ("/list-watch/no-room", test_no_room);
  g_test_add_func ("/list-watch/twice", test_twice);
  g_test_add_func ("/list-watch/sorted", test_sorted);
  g_test_add_func ("/list-watch/wrong-signals", test_wrong_signals);
  g_test_add_func ("/list-watch/reading-changes", test_reading_changes);
  g_test_add_func ("/list-watch/reading-reports", test_reading_reports);
  g_test_add_func ("/list-watch/reading-drops", test_reading_drops);
  g_test_add_func ("/list-watch/thread", test_thread);
  g_test_add_func ("/list-watch/random", test_random);
  return g_test_run ();
}
