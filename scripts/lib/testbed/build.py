# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""Builds odplab inside the root filesystem, so that the libraries are those of the guest.
Incremental, and outside of the project's tree."""

import fcntl
import subprocess
import sys
import time
from pathlib import Path

from .outcome import Exit, Failure, say, within

PROJECT = Path("/odplab")
BUILDS = Path("/builds")
REBUILD_BUDGET = 5
LOCK_SECONDS = 900


def build(preset: str) -> bool:
    """Brings the build of one preset up to date; returns whether there was anything to do."""
    began = time.monotonic()
    folder = BUILDS / preset
    with open(BUILDS / f"{preset}.lock", "w", encoding="ascii") as lock:
        take(lock, preset)
        fresh = not is_of_preset(folder)
        if fresh:
            cmake = ["cmake", "--fresh", "--preset", preset, "-G", "Ninja", "-B", str(folder)]
            step(cmake, f"cmake --preset {preset}")
            step(["ninja", "-C", str(folder), "-t", "cleandead"], "removing what is built no more")
        output = step(["ninja", "-C", str(folder)], f"building preset {preset}")
    seconds = time.monotonic() - began
    worked = fresh or "no work to do" not in output
    if worked:
        say(f"built odplab in {seconds:.1f} s")
    else:
        within(REBUILD_BUDGET, seconds, "odplab is up to date, checked")
    return worked


def is_of_preset(folder: Path) -> bool:
    """A build folder keeps the values that its preset had when it was made, and what was built then: an older one
    would hide what a new machine meets."""
    made, presets = folder / "build.ninja", PROJECT / "CMakePresets.json"
    return made.exists() and made.stat().st_mtime > presets.stat().st_mtime


def take(lock, preset: str) -> None:
    """Two runs may share a build folder, but not build in it at once."""
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                message = f"another run has been building preset {preset} for {LOCK_SECONDS} s"
                raise Failure(Exit.TESTBED, message) from None
            time.sleep(0.2)


def step(words: list[str], what: str) -> str:
    """Runs one tool of the build and returns its output, which is shown only if it fails; on a
    terminal, its last line meanwhile."""
    output = ""
    with subprocess.Popen(
        # Ninja ends its compilers at SIGTERM, which it gets when this process dies.
        ["setpriv", "--pdeathsig", "TERM", "--"] + words,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, errors="replace",
    ) as tool:
        for line in tool.stdout:
            output += line
            progress(line.rstrip())
    progress("")
    if tool.returncode:
        raise Failure(Exit.TESTBED, f"{what} failed:\n{output.rstrip()}")
    return output


def progress(line: str) -> None:
    if sys.stderr.isatty():
        print("\r\033[K" + line[:78], end="", file=sys.stderr, flush=True)
