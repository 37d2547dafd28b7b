/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Starts itself again, as a host starts its worker, and does not care how that ends. What is wrong
 * in the second process is named by the argument. */

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char *volatile kept;

static void
do_wrong (const char *what)
{
  kept = malloc (8);
  if (strcmp (what, "leak") == 0)
    kept = NULL;
  else if (strcmp (what, "overflow") == 0)
    kept[8] = 1;
  else if (strcmp (what, "killed") == 0)
    {
      kept[8] = 1;
      kill (getpid (), SIGKILL);
    }
  free (kept);
}

int
main (int argc, char **argv)
{
  pid_t pid;

  if (argc == 3)
    {
      do_wrong (argv[1]);
      return 0;
    }

  pid = fork ();
  if (pid == 0)
    execl (argv[0], argv[0], argv[1], "again", NULL);
  waitpid (pid, NULL, 0);
  return 0;
}
