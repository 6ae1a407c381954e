# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""Follows the guest's serial console, a file that stays, and sees when the kernel is in trouble."""

import os
import re
import sys
import time
from pathlib import Path

FOLDER = Path("/consoles")
KEPT = 50

PANIC = re.compile(r"Kernel panic - not syncing: .*")
# A soft lockup is no oops: on an emulated processor it only shows that the host was busy. Nor is a page in a bad
# state: the kernel leaves it out and goes on (bad_page(), mm/page_alloc.c). odp_test judges it, as a defect that is
# known or not.
OOPS = re.compile(
    r"(?<!watchdog: )BUG: (?!Bad page state).*|kernel BUG at .*|Oops: .*|general protection fault.*"
)
WARNING = re.compile(r"WARNING: .*|BUG: Bad page state.*")


class Console:
    def __init__(self, shown_in: str, echo: bool):
        prune()
        name = time.strftime("%Y%m%dT%H%M%SZ-", time.gmtime()) + f"{os.getpid()}.log"
        self.path = FOLDER / name
        self.shown_as = f"{shown_in}/{name}"  # the path on the host
        self.echo = echo
        self.panic = self.oops = ""  # the kernel's first words about it
        self.warnings = 0
        self._file = open(self.path, "w+", encoding="utf-8", errors="replace", newline="")
        self._partial = ""

    def poll(self) -> None:
        """Reads what has come since the last time."""
        text = self._file.read()
        if self.echo and text:
            sys.stderr.write(text)
            sys.stderr.flush()
        *lines, self._partial = (self._partial + text).split("\n")
        for line in lines:
            self._notice(line.rstrip("\r"))

    def _notice(self, line: str) -> None:
        if found := PANIC.search(line):
            self.panic = self.panic or found.group()
        elif found := OOPS.search(line):
            self.oops = self.oops or found.group()
        elif WARNING.search(line):
            self.warnings += 1


def prune() -> None:
    """Keeps the newest logs. Another run may do so at the same time."""
    for old in sorted(FOLDER.glob("*.log"))[:-KEPT]:
        old.unlink(missing_ok=True)
