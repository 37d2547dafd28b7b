# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Uses the gallery by keyboard and mouse: check-hands.py PROGRAM, on a display.

Pictures are of one colour each, so that what is shown can be told from the pixels of the screen.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tests", "gtk"))

from hands import Hands, Missing, wait_for  # noqa: E402
from marked import find_marked  # noqa: E402
from pictures import make_flat, make_png, write  # noqa: E402

PROGRAM = sys.argv[1]
PICTURE = os.path.join(os.path.dirname(os.path.abspath(PROGRAM)), "gallery-large.png")
MARK = "MPEL_GALLERY_HANDS"
TIMEOUT_S = 30

MAGENTA = (230, 10, 200)
N_LINKS = 400


def get_colour(index):
    return (10 + index * 9, 200 - index * 7, 40 + index * 5)


class Gallery:
    """The program with a folder; its window has the focus once it is there."""

    def __init__(self, hands, folder):
        self.hands, self.folder = hands, folder
        environment = dict(os.environ, LC_ALL="C.UTF-8", G_DEBUG="fatal-criticals", **{MARK: str(os.getpid())})
        self.process = subprocess.Popen(
            [PROGRAM, "--report", folder], env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def find(self, title):
        return next((window for window in self.hands.find_windows() if window.title == title), None)

    def wait_for_title(self, title):
        return wait_for(lambda: self.find(title), f"a window that is called {title}")

    def wait_for_colour(self, colour, at_least=1000):
        wait_for(lambda: self.hands.look().count(*colour) >= at_least, f"a picture of {colour}")

    def start(self):
        window = self.wait_for_title(os.path.basename(self.folder))
        self.hands.focus(window)
        return window

    def wait_for_report(self):
        out, err = self.process.communicate(timeout=TIMEOUT_S)
        print("".join(f"# {line}\n" for line in (out + err).splitlines()), end="")
        assert self.process.returncode == 0, self.process.returncode
        assert "gallery:" not in err and "CRITICAL" not in err, err
        assert find_marked(f"{MARK}={os.getpid()}") == [], "a process was left"
        return out

    def find_workers(self):
        found = []
        for pid in find_marked(f"{MARK}={os.getpid()}"):
            try:
                with open(f"/proc/{pid}/stat") as file:
                    parent = int(file.read().rpartition(")")[2].split()[1])
            except OSError:
                continue
            if parent == self.process.pid:
                found.append(pid)
        return found


@contextmanager
def running(hands, prepare):
    """Runs the gallery with a folder that is made by a function, and ends it if nobody else has."""
    with tempfile.TemporaryDirectory() as parent:
        folder = os.path.join(parent, "Colours")
        os.mkdir(folder)
        prepare(folder)
        gallery = Gallery(hands, folder)
        try:
            yield gallery
        finally:
            if gallery.process.poll() is None:
                gallery.process.kill()
                gallery.process.communicate()


def make_colours(folder):
    for i in range(12):
        write(folder, f"{i:02}.png", make_flat(get_colour(i), 600, 400))


def make_slow(folder):
    """Many pictures that take some time, and behind them one that is easily found."""
    write(folder, "000.png", make_flat((120, 120, 120), 3000, 2000))
    for i in range(1, N_LINKS):
        os.link(os.path.join(folder, "000.png"), os.path.join(folder, f"{i:03}.png"))
    write(folder, "last.png", make_flat(MAGENTA, 300, 200))


def check_keyboard(hands):
    """Arrows choose, Enter opens a picture large, arrows turn the page, Escape goes back, Ctrl+W closes."""
    with running(hands, make_colours) as gallery:
        window = gallery.start()
        gallery.wait_for_colour(get_colour(2))
        hands.key("Right")
        hands.key("Return")
        gallery.wait_for_title("01.png")
        gallery.wait_for_colour(get_colour(1), 600 * 400 * 9 // 10)
        hands.look().save(PICTURE, window)
        hands.key("Right")
        gallery.wait_for_title("02.png")
        gallery.wait_for_colour(get_colour(2), 600 * 400 * 9 // 10)
        hands.key("Left")
        hands.key("Left")
        hands.key("Left")  # there is none before the first
        gallery.wait_for_title("00.png")
        hands.key("Right")
        gallery.wait_for_title("01.png")
        hands.key("Escape")
        gallery.wait_for_title("Colours")
        gallery.wait_for_colour(get_colour(5))
        hands.key("Right")
        hands.key("Return")
        gallery.wait_for_title("02.png")
        hands.key("Control_L", "w")
        out = gallery.wait_for_report()
    assert out.startswith("12 pictures, "), out


def check_mouse(hands):
    """A double click opens a picture, a button goes back, the wheel scrolls."""
    with running(hands, make_colours) as gallery:
        window = gallery.start()
        gallery.wait_for_colour(get_colour(0))
        hands.click(window.x + 110, window.y + 150, times=2)
        gallery.wait_for_title("00.png")
        gallery.wait_for_colour(get_colour(0), 600 * 400 * 9 // 10)
        hands.click(window.x + 28, window.y + 26)
        gallery.wait_for_title("Colours")
        gallery.wait_for_colour(get_colour(1))
        hands.click(window.x + 400, window.y + 300, times=40, button=5)
        gallery.wait_for_colour(get_colour(11), 5000)
        hands.key("Control_L", "q")
        gallery.wait_for_report()


def check_scrolling(hands):
    """What is scrolled away before its turn is cancelled, and what comes into sight is decoded."""
    with running(hands, make_slow) as gallery:
        gallery.start()
        gallery.wait_for_colour((120, 120, 120))
        for _ in range(8):
            hands.key("Page_Down")
        hands.key("End")
        gallery.wait_for_colour(MAGENTA)
        hands.key("Control_L", "q")
        out = gallery.wait_for_report()
    n_decoded, n_cancelled = map(int, re.match(r"401 pictures, (\d+) decoded, (\d+) cancelled", out).groups())
    assert n_cancelled > 0 and n_decoded < N_LINKS // 2, out


def check_closing_early(hands):
    """A window that is closed while its workers are busy leaves nobody behind."""
    with running(hands, make_slow) as gallery:
        gallery.start()
        gallery.wait_for_colour((120, 120, 120))
        hands.key("Control_L", "w")
        gallery.wait_for_report()


def check_worker_lost(hands):
    """Workers that die cost no picture: others decode what they had."""
    with running(hands, make_slow) as gallery:
        gallery.start()
        gallery.wait_for_colour((120, 120, 120))
        for pid in wait_for(gallery.find_workers, "a worker"):
            os.kill(pid, signal.SIGKILL)
        hands.key("End")
        gallery.wait_for_colour(MAGENTA)
        hands.key("Control_L", "q")
        out = gallery.wait_for_report()
    assert "broken" not in out, out


def check_reload(hands):
    """F5 shows what has come, and says so when the folder has gone; Ctrl+O asks for another."""
    with running(hands, make_colours) as gallery:
        gallery.start()
        gallery.wait_for_colour(get_colour(0))
        write(gallery.folder, "00-new.png", make_flat(MAGENTA, 600, 400))
        hands.key("F5")
        gallery.wait_for_colour(MAGENTA)
        shutil.rmtree(gallery.folder)
        hands.key("F5")
        wait_for(lambda: hands.look().count(*MAGENTA) == 0, "an empty window")
        hands.key("Control_L", "o")
        dialog = gallery.wait_for_title("Open Folder")
        hands.focus(dialog)
        hands.key("Escape")
        wait_for(lambda: gallery.find("Open Folder") is None, "the end of the dialog")
        hands.focus(gallery.find("Colours"))
        hands.key("Control_L", "w")
        out = gallery.wait_for_report()
    assert out.startswith("0 pictures, "), out


def check_changing_file(hands):
    """A picture that has changed since its thumbnail was made cannot be opened large: the window says why."""
    with running(hands, make_colours) as gallery:
        gallery.start()
        gallery.wait_for_colour(get_colour(1))
        write(gallery.folder, "00.png", make_png(0, 40, 40)[:8] + b"broken" * 10)
        hands.key("Return")
        gallery.wait_for_title("00.png")
        hands.key("Right")
        gallery.wait_for_colour(get_colour(1), 600 * 400 * 9 // 10)
        hands.key("Control_L", "w")
        gallery.wait_for_report()


CHECKS = (
    check_keyboard,
    check_mouse,
    check_scrolling,
    check_closing_early,
    check_worker_lost,
    check_reload,
    check_changing_file,
)


def main():
    try:
        hands = Hands()
    except Missing as missing:
        print(f"1..0 # SKIP {missing}")
        return 0
    print(f"1..{len(CHECKS)}")
    status = 0
    for number, check in enumerate(CHECKS, 1):
        try:
            check(hands)
            print(f"ok {number} - {check.__name__}", flush=True)
        except (AssertionError, TypeError, AttributeError, OSError, subprocess.TimeoutExpired) as error:
            status = 1
            print(f"# {error!r}\nnot ok {number} - {check.__name__}", flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
