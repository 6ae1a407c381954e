# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""Brings results out of the guest. It writes to a staging folder among the user's results, which it
has as its own /odplab/results; what is whole there is moved, however the guest ended."""

import fcntl
import os
import shutil
import tempfile
from pathlib import Path

from .outcome import Exit, Failure

RESULTS = Path("/run/results")  # the user's, as enter-root has mounted it
PREFIX = ".guest-"


class Staging:
    """A locked folder, to tell it from one that a killed supervisor has left."""

    def __init__(self, shown_as: str) -> None:
        try:
            guard = os.open(RESULTS, os.O_RDONLY | os.O_DIRECTORY)
            # One at a time, or a new folder could be rescued before it is locked.
            fcntl.flock(guard, fcntl.LOCK_EX)
            rescue()
            self.path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=RESULTS))
            self._lock = lock(self.path)
            os.close(guard)
        except OSError as error:
            message = f"cannot write to {shown_as}: {error.strerror}"
            raise Failure(Exit.TESTBED, message) from error

    def collect(self) -> list[str]:
        """Moves out what is whole, removes the rest; returns the names it has in the results."""
        names = collect(self.path)
        os.close(self._lock)
        return names


def lock(folder: Path) -> int:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(fd)
        raise
    return fd


def rescue() -> None:
    """Collects what killed supervisors have left."""
    for folder in RESULTS.glob(PREFIX + "*"):
        try:
            fd = lock(folder)
        except (BlockingIOError, FileNotFoundError):
            continue
        collect(folder)
        os.close(fd)


def collect(folder: Path) -> list[str]:
    """A name that begins with a dot is a result that was never finished."""
    whole = [entry for entry in sorted(folder.iterdir()) if not entry.name.startswith(".")]
    names = [move(entry) for entry in whole]
    shutil.rmtree(folder)
    return names


def move(entry: Path) -> str:
    """Gives an entry its place in the results; a name that is taken gets a number."""
    target, number = RESULTS / entry.name, 2
    while target.exists():
        target = RESULTS / f"{entry.name}-{number}"
        number += 1
    entry.rename(target)
    return target.name
