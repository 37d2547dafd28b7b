/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Proxies that are made, written, called and dropped at random moments. MPEL_CHAOS_ACTIONS says how
 * often; the seed of the random numbers is printed by the test itself. */

#include "config.h"
#include "proxies.h"

#include <stdlib.h>

#define N_PROXIES 6
#define N_ACTIONS 4000

typedef struct
{
  MpelEventLoop *loop;
  MpelProxy     *proxies[N_PROXIES]; /* (owned) (nullable) */
  int            n_alive;
} Chaos;

static void
died_cb (gpointer chaos, GObject *was)
{
  ((Chaos *) chaos)->n_alive--;
}

static MpelProxy *
watch (Chaos *chaos, MpelProxy *proxy)
{
  g_object_weak_ref (G_OBJECT (proxy), died_cb, chaos);
  chaos->n_alive++;
  return proxy;
}

static MpelProxy **
pick (Chaos *chaos)
{
  return &chaos->proxies[g_test_rand_int_range (0, N_PROXIES)];
}

static void
drop_one_cb (Chaos *chaos)
{
  if (g_test_rand_int_range (0, 20) == 0)
    g_clear_object (pick (chaos));
}

static void
write_one_cb (GObject *proxy, GParamSpec *pspec, Chaos *chaos)
{
  if (g_test_rand_int_range (0, 30) == 0)
    g_object_set (proxy, "level", g_test_rand_int_range (-50, 150), NULL);
}

static void
make (Chaos *chaos, MpelProxy **place)
{
  g_clear_object (place);
  if (*place != NULL)
    return;
  *place = watch (chaos, g_object_new (SCALE_TYPE_PROXY, "loop", chaos->loop, "remote-class", "TestScale", "limit", g_test_rand_int_range (0, 11), NULL));
  g_signal_connect_swapped (*place, "notify", G_CALLBACK (drop_one_cb), chaos);
  g_signal_connect_swapped (*place, "write-failed", G_CALLBACK (drop_one_cb), chaos);
  g_signal_connect_swapped (*place, "swept", G_CALLBACK (drop_one_cb), chaos);
  g_signal_connect (*place, "notify::level", G_CALLBACK (write_one_cb), chaos);
}

static void
call (Chaos *chaos, MpelProxy *proxy)
{
  int which = g_test_rand_int_range (0, 100);
  g_autoptr (MpelEvent) event = NULL;

  if (which < 2)
    event = mpel_proxy_call (proxy, "crash", NULL, NULL, NULL);
  else if (which < 50)
    event = mpel_proxy_call (proxy, "sweep", g_variant_new ("(ii)", which, which + 5), NULL, NULL);
  else if (which < 90)
    event = mpel_proxy_call (proxy, "bump", g_variant_new ("(i)", 1), NULL, NULL);
  else
    event = mpel_proxy_call (proxy, "no_such_method", NULL, NULL, NULL);
  if (event != NULL && g_test_rand_int_range (0, 10) == 0)
    mpel_event_cancel (event);
}

/* Another proxy of the same object. */
static void
make_twin (Chaos *chaos, MpelProxy **place)
{
  guint64 id = mpel_proxy_get_remote_id (*place);

  if (id == 0)
    return;
  place = pick (chaos);
  if (*place == NULL)
    *place = watch (chaos, g_object_new (SCALE_TYPE_PROXY, "loop", chaos->loop, "remote-id", id, NULL));
}

static void
act (Chaos *chaos)
{
  MpelProxy **place = pick (chaos);
  int         action = g_test_rand_int_range (0, 100);

  if (*place == NULL || action < 3)
    make (chaos, place);
  else if (action < 6)
    g_clear_object (place);
  else if (action < 9)
    make_twin (chaos, place);
  else if (action < 40)
    g_object_set (*place, "level", g_test_rand_int_range (-50, 150), NULL);
  else if (action < 60)
    g_object_set (*place, "limit", g_test_rand_int_range (0, 13), "level", 1, NULL);
  else if (action < 80)
    call (chaos, *place);
  else
    g_main_context_iteration (NULL, FALSE);
}

/* What a proxy shows is what its object has. */
static void
assert_true_picture (MpelProxy *proxy)
{
  g_autoptr (GVariant) text = NULL;
  g_autofree char *shown = NULL;

  if (mpel_proxy_get_state (proxy) != MPEL_PROXY_STATE_READY)
    return;
  text = proxies_call (proxy, "get_level_text", NULL);
  shown = g_strdup_printf ("level %d", proxies_get_int (proxy, "level"));
  g_assert_cmpstr (g_variant_get_string (text, NULL), ==, shown);
}

static void
finish (Chaos *chaos)
{
  for (int i = 0; i < N_PROXIES; i++)
    if (chaos->proxies[i] != NULL)
      g_signal_handlers_disconnect_by_data (chaos->proxies[i], chaos);
  mpel_test_wait (chaos->loop);
  for (int i = 0; i < N_PROXIES; i++)
    if (chaos->proxies[i] != NULL)
      assert_true_picture (chaos->proxies[i]);
  for (int i = 0; i < N_PROXIES; i++)
    g_clear_object (&chaos->proxies[i]);
  g_assert_cmpint (chaos->n_alive, ==, 0);
}

static void
run (MpelEventLoop *loop)
{
  MpelTestTrace before = mpel_test_trace ();
  const char   *given = g_getenv ("MPEL_CHAOS_ACTIONS");
  int           n_actions = given != NULL ? atoi (given) : mpel_test_is_watched () ? N_ACTIONS / 4
                                                                                   : N_ACTIONS;
  Chaos         chaos = { loop };

  for (int i = 0; i < n_actions; i++)
    act (&chaos);
  finish (&chaos);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_loop (void)
{
  g_test_summary ("One worker, which crashes now and then.");
  run (mpel_test_loop_new ());
}

static void
test_pool (void)
{
  g_test_summary ("Likewise two.");
  run (MPEL_EVENT_LOOP (mpel_pool_new (2)));
}

static void
add_tests (void)
{
  g_test_add_func ("/flow/proxy-chaos/loop", test_loop);
  g_test_add_func ("/flow/proxy-chaos/pool", test_pool);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, objects_register, add_tests);
}
