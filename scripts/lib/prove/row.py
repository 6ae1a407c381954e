# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""One row of the table, as it is printed: scripts/prove-suite reads the first three columns."""

from dataclasses import dataclass

NAME = "{:<22} "
REST = "{:<7} {:<20} {}"
LONGEST = 200  # of a message: some have all of the data


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


def end(verdict: str, catches: list[Catch], otherwise: str = "", note: str = "") -> None:
    """Capitals are for a verdict that must not be."""
    first = catches[0] if catches else Catch("-", otherwise)
    message = " ".join(first.message.split())
    if len(message) > LONGEST:
        message = message[: LONGEST - 3] + "..."
    if note:
        message = f"{note}: {message}"
    if len(catches) > 1:
        message += f" [also {', '.join(catch.by for catch in catches[1:])}]"
    print(REST.format(verdict, first.by, message), flush=True)
