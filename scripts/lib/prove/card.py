# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""The emulated card, by the guest's command "card"."""

import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from . import driver

ANSWER_SECONDS = 30
# The requests that switch a row of each table on: of defects, and of what a card may do.
INJECT, BEHAVE = "inject", "behave"


@dataclass(frozen=True)
class Row:
    request: str
    name: str

    @property
    def is_defect(self) -> bool:
        return self.request == INJECT

    @property
    def likely(self) -> str:
        return self.name

    @property
    def has_less(self) -> bool:
        """A card without a capability, or with a smaller limit: scenarios that need it are skipped."""
        return self.name.startswith(("no-", "max-", "mtu"))

    def __str__(self) -> str:
        return ""

    def switch_on(self) -> None:
        switch_on([self])

    def switch_off(self) -> int:
        """Returns how often it has acted."""
        acted = hits(self)
        clear([self])
        return acted


def card(*words: str) -> str:
    return subprocess.run(
        ["card", *words], check=True, stdout=subprocess.PIPE, text=True, timeout=ANSWER_SECONDS
    ).stdout


def rows(request: str) -> list[Row]:
    return [Row(request, line.split()[0]) for line in card("list", request).splitlines()]


def switch_on(some: Sequence[Row]) -> None:
    for row in some:
        card(row.request, row.name)
    _tell_driver(some)


def clear(some: Sequence[Row]) -> None:
    """What prove-suite --behave has switched on for all rows stays on."""
    for row in some:
        card("clear", row.name)
    _tell_driver(some)


def _tell_driver(some: Sequence[Row]) -> None:
    if any(row.has_less for row in some):
        driver.bind_anew()


def hits(row: Row) -> int:
    """How often it has acted."""
    pattern = rf"^{re.escape(row.name)} .*\(on: (\d+) of"
    found = re.search(pattern, card("list"), re.MULTILINE)
    return int(found[1]) if found else 0
