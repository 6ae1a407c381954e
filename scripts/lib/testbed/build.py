# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""Builds odplab inside the root filesystem, so that the libraries are those of the guest. Incremental, out of tree."""

import fcntl
import subprocess
import time
from pathlib import Path

from .outcome import Exit, Failure, say, within

PROJECT = Path("/odplab")
BUILDS = Path("/builds")
REBUILD_BUDGET = 5
LOCK_SECONDS = 900


def build(preset: str = "release") -> None:
    """Brings the build of one preset up to date; nothing to do while the project has no CMakeLists.txt."""
    if not (PROJECT / "CMakeLists.txt").exists():
        return
    began = time.monotonic()
    folder = BUILDS / preset
    folder.mkdir(exist_ok=True)
    with open(BUILDS / f"{preset}.lock", "w", encoding="ascii") as lock:
        take(lock, preset)
        fresh = not (folder / "build.ninja").exists()
        if fresh:
            step(["cmake", "--fresh", "--preset", preset, "-G", "Ninja", "-B", str(folder)], "cmake")
        changed = step(["ninja", "-C", str(folder)], "the build")
    seconds = time.monotonic() - began
    if changed or fresh:
        say(f"built odplab in {seconds:.1f} s")
    else:
        within(REBUILD_BUDGET, seconds, "odplab is up to date, checked")


def take(lock, preset: str) -> None:
    """Two runs may share a build folder, but not build in it at once."""
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise Failure(Exit.TESTBED, f"another run has been building preset {preset} for {LOCK_SECONDS} s") from None
            time.sleep(0.2)


def step(words: list[str], what: str) -> bool:
    """Runs one tool of the build; its output is shown only when it fails. Tells whether it had anything to do."""
    done = subprocess.run(
        # Ninja ends its compilers when it is told to, which it is when this process dies.
        ["setpriv", "--pdeathsig", "TERM", "--"] + words,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, text=True, errors="replace",
    )
    if done.returncode:
        raise Failure(Exit.TESTBED, f"{done.stdout.rstrip()}\ntestbed: {what} failed, see above")
    return "no work to do" not in done.stdout
