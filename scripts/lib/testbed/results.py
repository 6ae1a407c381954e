# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""Brings results out of the guest. The guest writes to a staging folder next to the results, which it has as its own
/odplab/results; what is whole there is moved, whatever became of the guest."""

import fcntl
import os
import shutil
import tempfile
from pathlib import Path

from .outcome import Exit, Failure

RESULTS = Path("/odplab/results")
PREFIX = ".guest-"


class Staging:
    """A locked folder, so that another run can tell it from one that a killed supervisor has left."""

    def __init__(self) -> None:
        try:
            RESULTS.mkdir(exist_ok=True)
            rescue()
            self.path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=RESULTS))
        except OSError as error:
            raise Failure(Exit.TESTBED, f"cannot write to results/ of the project: {error.strerror}") from error
        self._lock = lock(self.path)

    def collect(self) -> list[str]:
        """Moves out what is whole, removes the rest; returns the names that the results have now."""
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
    """Collects what supervisors that were killed have left."""
    for folder in RESULTS.glob(PREFIX + "*"):
        try:
            fd = lock(folder)
        except (BlockingIOError, FileNotFoundError):
            continue
        collect(folder)
        os.close(fd)


def collect(folder: Path) -> list[str]:
    names = []
    for entry in sorted(folder.iterdir()):
        if not entry.name.startswith("."):
            names.append(move(entry))
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
