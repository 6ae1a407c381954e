# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""Processors that pause: odp_delay(1)."""

import subprocess
from collections.abc import Iterable

SECONDS = 300
TABLE = 60  # addresses that can be watched at once, and some to spare
NEVER = 2**31  # executions until a pause, where they are only to be counted


def _run(*words: str) -> str:
    return subprocess.run(
        ["odp_delay", *words], check=True, stdout=subprocess.PIPE, text=True, timeout=SECONDS
    ).stdout


def hold(place: str, us: int, every: int) -> None:
    _run(f"{place}:us={us}:every={every}")


def counts() -> dict[str, tuple[int, int]]:
    """How often each address was executed, and how often a processor paused there."""
    rows = (line.split() for line in _run("--list").splitlines())
    return {address: (int(executed), int(paused)) for address, executed, paused in rows}


def clear() -> None:
    _run("--clear")


def batches(windows: dict[str, list[str]]) -> Iterable[list[str]]:
    batch: list[str] = []
    n = 0
    for place, addresses in windows.items():
        if n + len(addresses) > TABLE:
            yield batch
            batch, n = [], 0
        batch.append(place)
        n += len(addresses)
    if batch:
        yield batch


def watch(places: list[str]) -> None:
    _run(*(f"{place}:us=1:every={NEVER}" for place in places))
