# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""One row of the table, as it is printed: scripts/prove-suite reads the first three columns."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

NAME = "{:<22} "
REST = "{:<7} {:<20} {}"
LONGEST = 200  # of a message: some have all of the data
ALSO, SKIPPED, UNPROVEN = "also", "skipped", "unproven"


@dataclass(frozen=True)
class Catch:
    by: str
    message: str


def head() -> None:
    print(NAME.format("INJECTION") + REST.format("VERDICT", "NOTICED BY", "WHAT IT SAYS"))


def begin(name: str) -> None:
    """The name stands alone until the row is whole: the last line of the table of a guest that has
    died names the injection that killed it."""
    print(NAME.format(name), end="", flush=True)


def end(
    verdict: str,
    catches: list[Catch],
    otherwise: str = "",
    note: str = "",
    skipped: Iterable[str] = (),
    unproven: Iterable[Catch] = (),
) -> None:
    """Capitals are for a verdict that must not be."""
    first = catches[0] if catches else Catch("-", otherwise)
    message = " ".join(first.message.split())
    if len(message) > LONGEST:
        message = message[: LONGEST - 3] + "..."
    if note:
        message = f"{note}: {message}"
    for mark, names in (
        (ALSO, [catch.by for catch in catches[1:]]),
        (SKIPPED, sorted(skipped)),
        (UNPROVEN, [catch.by for catch in unproven]),
    ):
        if names:
            message += f" [{mark} {', '.join(names)}]"
    print(REST.format(verdict, first.by, message), flush=True)


def detectors(line: str) -> list[str]:
    """The scenarios that failed, of a row as it was printed."""
    _, verdict, first, *_ = line.split(maxsplit=3)
    return [first, *_names(line, ALSO)] if verdict in ("caught", "FAILS") else []


def skipped_in(line: str) -> frozenset[str]:
    return frozenset(_names(line, SKIPPED))


def _names(line: str, mark: str) -> list[str]:
    found = re.search(rf" \[{mark} ([^]]*)\]", line)
    return found[1].split(", ") if found else []
