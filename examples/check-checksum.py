#!/usr/bin/python3
# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs the checksum program on folders made for it, and compares with what hashlib says."""

import hashlib
import math
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile

PROGRAM = os.path.abspath(sys.argv[1])
PATH_MAX = 4096  # with the zero behind it


def run(*arguments, status=0, **keywords):
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, check=False, **keywords)
    assert done.returncode == status, (arguments, done)
    return done


def write(folder, name, content, dir_fd=None):
    """Writes a file; returns its path with its content."""
    path = os.path.join(folder, name)
    with open(name if dir_fd is not None else path, "xb",
              opener=lambda name, flags: os.open(name, flags, dir_fd=dir_fd)) as file:
        file.write(content)
    return {path: content}


def make_ordinary(tree):
    files = {}
    for name, content in {
        b"plain.txt": b"one\ntwo\nthree",
        b"empty": b"",
        b"every-byte": bytes(range(256)) * 16,
        b"large": random.Random(1).randbytes(1_000_001),
        b"caf\xe9.txt": "crème brûlée\n".encode(),
        b"two\nlines\\and a backslash": b"\x1b[1mbold\x1b[0m\n",
        b"-n": b"looks like an option\n",
    }.items():
        files |= write(tree, name, content)
    os.mkdir(os.path.join(tree, b"many"))
    for i in range(700):
        files |= write(os.path.join(tree, b"many"), b"%d" % i, b"%d" % i)
    return files


def make_left_out(tree):
    """What the program leaves out: two of them are counted."""
    for name in b".git", b"_build", b"_build-asan":
        os.mkdir(os.path.join(tree, name))
        write(os.path.join(tree, name), b"unwanted", b"unwanted")
    os.symlink(b"plain.txt", os.path.join(tree, b"link"))
    os.mkfifo(os.path.join(tree, b"fifo"))


def make_too_deep(tree):
    """Folders within folders, beyond the longest path there is: root cannot enter them either.
    Returns the files that can be read, and the paths that cannot."""
    files, failures = {}, []
    path, fd = tree, os.open(tree, os.O_RDONLY)
    while len(path) < PATH_MAX:
        path = os.path.join(path, b"d" * 200)
        os.mkdir(b"d" * 200, dir_fd=fd)
        parent, fd = fd, os.open(b"d" * 200, os.O_RDONLY, dir_fd=fd)
        os.close(parent)
        file = write(path, b"f" * 240, b"deep", fd)
        if len(path) >= PATH_MAX:
            failures.append(path)
        elif len(*file) >= PATH_MAX:
            failures += file
        else:
            files |= file
    os.close(fd)
    assert len(failures) >= 2, failures
    return files, failures


def make_forbidden(tree):
    """Returns a file that its mode protects, unless this process may read everything."""
    path, = write(tree, b"forbidden", b"forbidden")
    os.chmod(path, 0)
    if os.access(path, os.R_OK):
        os.remove(path)
        return []
    return [path]


def parse_sums(text):
    sums = {}
    for line in text.splitlines():
        escaped, digest, path = re.fullmatch(rb"(\\?)([0-9a-f]{64})  (.*)", line).groups()
        if escaped:
            path = re.sub(rb"\\(.)", lambda m: b"\n" if m[1] == b"n" else m[1], path)
        assert path not in sums, path
        sums[path] = digest.decode()
    return sums


def expect_sums(files):
    return {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}


def check_sums(tree, files, failures):
    missing = os.path.join(tree, b"missing")
    link = os.path.join(tree, b"link")
    failures = [*failures, missing, link, b"/proc/self/mem"]
    done = run("--sums", tree, missing, link, "/proc/self/mem", "--rows=1000")

    assert parse_sums(done.stdout) == expect_sums(files)
    assert b"\n%d could not be read:\n" % len(failures) in done.stderr, done.stderr
    for path in failures:
        assert b"\n  %s: " % path in done.stderr, (path, done.stderr)
    assert b"/proc/self/mem: Input/output error\n" in done.stderr
    assert b"; 2 links and special files left out.\n" in done.stderr
    assert b"Compared with the host's own SHA-256, and equal:\n  " in done.stderr
    assert run("--sums", tree).stdout == run("--sums", tree).stdout, "the order differs"

    if shutil.which("sha256sum"):
        subprocess.run(["sha256sum", "--check", "--strict", "--quiet"], input=done.stdout, check=True)


def check_relative(tree, files):
    """Without a PATH it is the current folder; and a PATH may be a file."""
    relative = {path[len(tree) + 1:]: content for path, content in files.items()}
    assert parse_sums(run("--sums", cwd=tree).stdout) == expect_sums(relative)

    one = {b"many/7": b"7", b"-n": files[os.path.join(tree, b"-n")]}
    assert parse_sums(run("--sums", "--", *one, cwd=tree).stdout) == expect_sums(one)


def check_table(tree):
    plain = b"one\ntwo\nthree"
    entropy = -sum(plain.count(c) / len(plain) * math.log2(plain.count(c) / len(plain)) for c in set(plain))
    names = [b"plain.txt", b"every-byte", b"empty", b"caf\xe9.txt", b"two\nlines\\and a backslash"]
    contents = [open(os.path.join(tree, name), "rb").read() for name in names]
    digests = [hashlib.sha256(content).hexdigest()[:16] for content in contents]
    table = run("--all", "--", *names, cwd=tree).stdout.decode()

    for row in (
        rf"plain\.txt +13 +3  text +{entropy:.3f}  {digests[0]}",
        rf"every-byte +4096 +-  binary +8\.000  {digests[1]}",
        rf"empty +0 +0  empty +0\.000  {digests[2]}",
        rf"caf\\351\.txt +16 +1  text +\d\.\d\d\d  {digests[3]}",
        rf"two\\012lines\\and a backslash +13 +1  text +\d\.\d\d\d  {digests[4]}",
        r"5 files +4138 +5  3 text, 1 binary, 1 empty",
    ):
        assert re.search(f"^{row}$", table, re.MULTILINE), (row, table)
    assert max(map(len, table.split("\n\n")[0].splitlines())) <= 100, table


def check_rows(tree):
    lines = run("--rows=2", os.path.join(tree, b"many"), "missing").stdout.decode().splitlines()
    assert lines[0].startswith("PATH ") and lines[3].startswith("and 698 smaller files "), lines
    assert lines[4].startswith("700 files "), lines


def check_nothing():
    with tempfile.TemporaryDirectory() as empty:
        done = run(empty)
        assert b"\n0 files " in done.stdout and done.stderr == b"", done


def check_comparison(tree):
    done = run("--spoil", tree, status=1)
    assert done.stderr.count(b": the worker says ") == 3, done.stderr
    assert b"3 of 3 samples differ" in done.stderr, done.stderr


def check_usage():
    assert b"PATH" in run("--help").stdout
    assert b"--nonsense" in run("--nonsense", status=2).stderr


def find_reader(parent, path):
    """Returns the child of a process that has a file open, once there is one."""
    while parent.poll() is None:
        try:
            for task in os.listdir(f"/proc/{parent.pid}/task"):
                for child in open(f"/proc/{parent.pid}/task/{task}/children").read().split():
                    for fd in os.listdir(f"/proc/{child}/fd"):
                        if os.readlink(f"/proc/{child}/fd/{fd}") == path:
                            return int(child)
        except OSError:
            pass  # threads and descriptors come and go
        os.sched_yield()
    raise AssertionError(f"it ended with {parent.returncode} before it read")


def check_death():
    """The worker is killed while it reads a file that has no end within the test's patience."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(os.path.realpath(folder), "endless")
        with open(path, "wb") as file:
            file.truncate(1 << 40)
        with subprocess.Popen([PROGRAM, folder], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as host:
            os.kill(find_reader(host, path), signal.SIGKILL)
            out, err = host.communicate()
        assert host.returncode == 1 and out == b"", (host.returncode, out)
        assert err.startswith(b"The worker died after 0 files"), err


def main():
    os.environ["LC_ALL"] = "C.UTF-8"
    with tempfile.TemporaryDirectory() as folder:
        tree = os.fsencode(folder)
        files = make_ordinary(tree)
        make_left_out(tree)
        deep_files, failures = make_too_deep(tree)
        failures += make_forbidden(tree)
        check_sums(tree, files | deep_files, failures)
        check_table(tree)
        check_rows(tree)
        check_comparison(tree)
    with tempfile.TemporaryDirectory() as folder:
        check_relative(os.fsencode(folder), make_ordinary(os.fsencode(folder)))
    check_nothing()
    check_usage()
    check_death()


if __name__ == "__main__":
    main()
