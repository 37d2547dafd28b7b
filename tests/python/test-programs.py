# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Whole programs: how they are run, how they end, and what they print. None runs a second time."""

import importlib.util
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

import tap

if importlib.util.find_spec("cloudpickle") is None:
    print("1..0 # SKIP cloudpickle is missing: install the package python3-cloudpickle")
    sys.exit()

SCRIPT = """
import os
import sys
from gi.repository import Mpel

print("runs", flush=True)

def square(n):
    return n * n

with Mpel.EventLoop(lambda event: print(event.results, event.error)) as loop:
    loop.add_event(square, 5)
    loop.add_event(lambda: (sys.argv[1:], os.getcwd()))
    loop.add_event(print, "from the worker")
"""


# Lines of two processes may only meet as a whole.
os.environ.pop("PYTHONUNBUFFERED", None)


def run(*arguments, text=None, cwd=None, status=0):
    """Runs Python. Returns the lines of its output; it may not complain."""
    command = [sys.executable, *arguments]
    done = subprocess.run(command, input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=cwd)
    tap.equal((done.returncode, done.stderr), (status, ""))
    return done.stdout.splitlines()


def in_folder(function):
    """A test that is given an empty folder."""

    def test():
        with tempfile.TemporaryDirectory() as folder:
            function(pathlib.Path(folder).resolve())

    test.__doc__ = function.__doc__
    return test


def expected(folder, *arguments):
    return sorted(["runs", "25 None", f"({list(arguments)!r}, {str(folder)!r}) None", "from the worker", "None None"])


@in_folder
def ways_to_run(folder):
    """A program runs as a script, with -c, with -m, and from standard input"""
    (folder / "script.py").write_text(SCRIPT)
    (folder / "package").mkdir()
    (folder / "package" / "__init__.py").write_text("")
    (folder / "package" / "__main__.py").write_text(f"from . import other\n{SCRIPT}")
    (folder / "package" / "other.py").write_text("")
    tap.equal(sorted(run("script.py", "a", "b", cwd=folder)), expected(folder, "a", "b"))
    tap.equal(sorted(run("-c", SCRIPT, "a", cwd=folder)), expected(folder, "a"))
    tap.equal(sorted(run("-m", "script", "a", cwd=folder)), expected(folder, "a"))
    tap.equal(sorted(run("-m", "package", cwd=folder)), expected(folder))
    tap.equal(sorted(run("-", text=SCRIPT, cwd=folder)), expected(folder))


@in_folder
def modules_beside(folder):
    """The worker imports what lies beside the script"""
    (folder / "beside.py").write_text("def triple(n):\n    return 3 * n\n")
    script = "from gi.repository import Mpel\nimport beside\ndef both(n):\n    return beside.triple(n) + 1\n"
    script += "with Mpel.EventLoop(lambda event: print(event.results)) as loop:\n"
    script += "    loop.add_event(beside.triple, 2)\n    loop.add_event(both, 2)\n"
    (folder / "script.py").write_text(script)
    tap.equal(run(folder / "script.py", cwd="/"), ["6", "7"])


def session():
    """What is typed into an interactive session works, and can be defined again"""
    lines = [
        "from gi.repository import Mpel",
        "def f(n):",
        "    return g(n)",
        "",
        "def g(n):",
        "    return n + 1",
        "",
        "loop = Mpel.EventLoop()",
        "event = loop.add_event(f, 1); _ = loop.wait(); print(event.results)",
        "def g(n):",
        "    return n + 100",
        "",
        "event = loop.add_event(f, 1); _ = loop.wait(); print(event.results)",
        "loop.close()",
    ]
    command = [sys.executable, "-q", "-i"]
    done = subprocess.run(command, input="\n".join(lines) + "\n", capture_output=True, text=True)
    tap.equal((done.returncode, done.stdout.split()), (0, ["2", "101", "True"]))
    assert "Traceback" not in done.stderr, done.stderr


def end_of_program():
    """What was added is done before a program ends that waits for nothing"""
    script = "from gi.repository import Mpel\nMpel.add_output_handler(lambda event: print(event.results))\n"
    script += "for n in range(3):\n    Mpel.add_event(lambda n=n: n * 2)\n"
    tap.equal(run("-c", script), ["0", "2", "4"])


def broken_handlers():
    """An exception in a handler is printed, and later events still arrive"""
    script = "from gi.repository import Mpel\ndef handler(event):\n    print(event.results, flush=True)\n    1 / event.results\n"
    script += "with Mpel.EventLoop(handler) as loop:\n    loop.add_event(int, 0)\n    loop.add_event(int, 1)\n"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    tap.equal((done.returncode, done.stdout.split()), (0, ["0", "1"]))
    tap.equal(done.stderr.count("ZeroDivisionError"), 1)


def unheard_errors():
    """An error that no handler is there for is printed, with the worker's traceback"""
    script = "from gi.repository import Mpel\ndef fail():\n    raise ValueError('bad thing')\n"
    script += "with Mpel.EventLoop() as loop:\n    loop.add_event(fail)\n"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    tap.equal(done.returncode, 0)
    assert "ValueError: bad thing" in done.stderr and "in fail" in done.stderr, done.stderr


LATE = """
import os
from gi.repository import Mpel

async def hold_up(path):
    open("held up", "w").close()
    while not os.path.exists(path):
        pass

async def late():
    print("late has begun")

async def late_values():
    print("late values have begun")
    yield

with Mpel.EventLoop() as loop:
    holding = loop.call(hold_up, "let go")
    while not os.path.exists("held up"):
        loop.submit(int).result()
    call = loop.call(late)
    stream = loop.stream(late_values)
    # The worker has taken them, and then heard that nobody wants them, which comes before the next.
    loop.submit(int).result()
    call.cancel()
    stream.close()
    loop.submit(int).result()
    open("let go", "w").close()
    holding.result()
    print(loop.call(abs, -1).result())
"""


@in_folder
def cancelled_before(folder):
    """A coroutine that is cancelled before it begins does not begin, and nobody complains"""
    tap.equal(run("-c", LATE, cwd=folder), ["1"])


COMPUTE = """
import os, sys, time
from gi.repository import GLib, Mpel

def compute():
    print(os.getpid(), flush=True)
    while True:
        pass

{how}
"""

WAYS_TO_WAIT = {
    "wait": "loop = Mpel.EventLoop()\nloop.add_event(compute)\nloop.wait()\n",
    "with": "with Mpel.EventLoop() as loop:\n    loop.add_event(compute)\n",
    "end": "Mpel.add_event(compute)\n",
    "main loop": "loop = Mpel.EventLoop()\nloop.add_event(compute)\nGLib.MainLoop().run()\n",
    "pool": "with Mpel.Pool(2) as loop:\n    loop.add_event(compute)\n    loop.wait()\n",
}


def is_alive(pid):
    try:
        return open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def interrupt(how):
    """As the terminal does it: all processes of the group are told."""
    program = subprocess.Popen(
        [sys.executable, "-c", COMPUTE.format(how=how)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    worker = int(program.stdout.readline())
    os.killpg(program.pid, signal.SIGINT)
    complaints = program.stderr.read()
    status = program.wait()
    while is_alive(worker):
        os.sched_yield()
    return status, complaints


def interrupts():
    """Ctrl-C ends both processes, whatever the program waits in, with one traceback at most"""
    for name, how in WAYS_TO_WAIT.items():
        status, complaints = interrupt(how)
        assert status in (-signal.SIGINT, 128 + signal.SIGINT, 0), (name, status, complaints)
        assert complaints.count("Traceback") <= 1, (name, complaints)
        assert "GError" not in complaints and "compute" not in complaints.replace("add_event(compute)", ""), (name, complaints)


def killed_host():
    """A worker ends with its host, also while it computes"""
    program = subprocess.Popen(
        [sys.executable, "-c", COMPUTE.format(how=WAYS_TO_WAIT["wait"])], stdout=subprocess.PIPE, text=True
    )
    worker = int(program.stdout.readline())
    program.kill()
    program.wait()
    while is_alive(worker):
        os.sched_yield()


@in_folder
def no_cloudpickle(folder):
    """Without cloudpickle, what must travel by value is refused with the reason"""
    (folder / "cloudpickle.py").write_text("raise ImportError('not here')\n")
    script = "from gi.repository import Mpel\nimport os\ndef f():\n    pass\n"
    script += "with Mpel.EventLoop(lambda event: print(event.results)) as loop:\n    loop.add_event(len, 'abc')\n"
    script += "    try:\n        loop.add_event(f)\n    except Exception as error:\n        print(error)\n"
    refusal, result = run("-c", script, cwd=folder)
    assert result == "3" and "python3-cloudpickle" in refusal, (refusal, result)


def main():
    tap.run(
        ways_to_run,
        modules_beside,
        session,
        end_of_program,
        broken_handlers,
        unheard_errors,
        cancelled_before,
        interrupts,
        killed_host,
        no_cloudpickle,
    )


if __name__ == "__main__":
    main()
