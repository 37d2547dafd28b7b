/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Pictures of a folder: workers decode them, while the window scrolls. Only what is visible is
 * decoded, and what comes next; what is scrolled away before its turn is cancelled. A picture that
 * kills its decoder costs a worker, not the window. */

#include "gallery-thumbnail.h"
#include "gallery-window.h"

#define APPLICATION_ID "org.mpel.Gallery"

/* The options. */
static char    *shot; /* (owned) (nullable) */
static gboolean is_to_report;

static GtkWidget *
present_window (GtkApplication *application)
{
  GtkWidget *window = gallery_window_new (application);

  gtk_window_present (GTK_WINDOW (window));
  return window;
}

static void
activate_cb (GtkApplication *application, gpointer user_data)
{
  present_window (application);
}

static void
open_cb (GtkApplication *application, GFile **files, int n_files, const char *hint, gpointer user_data)
{
  for (int i = 0; i < n_files; i++)
    {
      GalleryWindow *window = GALLERY_WINDOW (present_window (application));

      if (is_to_report)
        gallery_window_report (window);
      gallery_window_open (window, files[i]);
      if (shot != NULL)
        gallery_window_save (window, shot);
    }
}

/* Nobody but this process can do what its options say. */
static int
options_cb (GApplication *application, GVariantDict *options, gpointer user_data)
{
  if (shot != NULL || is_to_report)
    g_application_set_flags (application, g_application_get_flags (application) | G_APPLICATION_NON_UNIQUE);
  return -1;
}

static void
quit_cb (GSimpleAction *action, GVariant *parameter, gpointer application)
{
  g_autoptr (GList) windows = g_list_copy (gtk_application_get_windows (application));

  for (GList *l = windows; l != NULL; l = l->next)
    gtk_window_close (l->data);
}

/* It ends by itself when the last window has gone, and with that the last worker. */
static void
startup_cb (GtkApplication *application, gpointer user_data)
{
  const GActionEntry actions[] = { { "quit", quit_cb, NULL, NULL, NULL, { 0 } } };
  const char        *keys[] = { "<Control>q", NULL };

  g_action_map_add_action_entries (G_ACTION_MAP (application), actions, G_N_ELEMENTS (actions), application);
  gtk_application_set_accels_for_action (application, "app.quit", keys);
}

static int
run_application (int argc, char **argv)
{
  const GOptionEntry entries[] = {
    { "screenshot", 0, 0, G_OPTION_ARG_FILENAME, &shot, "Save the window to FILE once it shows all it can, and quit", "FILE" },
    { "report", 0, 0, G_OPTION_ARG_NONE, &is_to_report, "Tell what was done when the window closes", NULL },
    { NULL }
  };
  g_autoptr (GtkApplication) application = gtk_application_new (APPLICATION_ID, G_APPLICATION_HANDLES_OPEN);

  g_application_add_main_option_entries (G_APPLICATION (application), entries);
  g_application_set_option_context_parameter_string (G_APPLICATION (application), "[FOLDER…]");
  g_signal_connect (application, "startup", G_CALLBACK (startup_cb), NULL);
  g_signal_connect (application, "activate", G_CALLBACK (activate_cb), NULL);
  g_signal_connect (application, "open", G_CALLBACK (open_cb), NULL);
  g_signal_connect (application, "handle-local-options", G_CALLBACK (options_cb), NULL);
  return g_application_run (G_APPLICATION (application), argc, argv);
}

/* A worker has no use for a display, so which of the two this is comes before all of GTK. */
int
main (int argc, char **argv)
{
  MpelWorker *worker = mpel_worker_get_default ();
  int         status;

  if (worker != NULL)
    {
      mpel_worker_add_function (worker, GALLERY_THUMBNAIL_TARGET, gallery_thumbnail_run, NULL, NULL);
      return mpel_worker_run (worker);
    }

  status = run_application (argc, argv);
  g_free (shot);
  return status;
}
