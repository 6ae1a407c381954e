# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""Tests of other projects for ODP (scripts/third-party --odp) as those that have to detect."""

import subprocess

from .row import Catch
from .suite import CHECK, CHECK_SECONDS, Run, odp_test

# Seconds for one test. A card that is slow and right (--behave slow-dma) lets a pingpong of 1,000 rounds take forty.
PATIENCE = 90
RUN_SECONDS = 3600
COMMAND = ("scripts/third-party", "--odp", "--patience", str(PATIENCE))


class ThirdParty:
    def __init__(self, full: bool):
        self._full = full
        self._unfit: set[str] | None = None  # they fail without an injection

    def clean(self) -> Run:
        found = failures()
        self._unfit = {name(catch) for catch in found}
        return Run(not found, False, found)

    def under(self, _asked: object) -> Run:
        if self._unfit is None:  # a guest after the first
            self.clean()
        words = [] if self._full or self._unfit else ["--stop-on-failure"]
        found = [catch for catch in failures(*words) if name(catch) not in self._unfit]
        return Run(not found, False, found)

    def driver_works(self) -> bool:
        return odp_test(*CHECK, seconds=CHECK_SECONDS).good


def name(catch: Catch) -> str:
    """Without its message."""
    return catch.message.split(" (")[0]


def failures(*words: str) -> list[Catch]:
    """Those that failed."""
    output = subprocess.run(
        [*COMMAND, *words], stdout=subprocess.PIPE, text=True, timeout=RUN_SECONDS, check=False
    ).stdout
    rows = [line.split(maxsplit=2) for line in output.splitlines()]
    return [Catch(suite, test) for suite, result, test in rows if result == "FAIL"]
