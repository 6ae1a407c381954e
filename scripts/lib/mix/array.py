# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""Makes the covering array: rows in which all pairs of levels meet that may meet."""

import itertools
import random
from collections.abc import Callable

from .factors import FOLLOWED, LEVELS, PLAIN, Levels, Row, allowed, refused

SEED, CANDIDATES = 1, 40

Pair = frozenset[tuple[str, str]]


def pairs_of(row: Row) -> set[Pair]:
    """The pairs that it covers: one that is refused, only those with its permission."""
    pairs = {frozenset(pair) for pair in itertools.combinations(row.items(), 2)}
    return {pair for pair in pairs if "permission" in dict(pair)} if refused(row) else pairs


def seed_of(pair: Pair) -> Row:
    """What a row has that covers the pair."""
    return {"permission": "writable", **dict(sorted(pair))}


def complete(row: Row, order: list[str], prefer: Callable[[Row, str], list[str]]) -> Row | None:
    """The row with a level of each factor in order, the preferred one first; None where there is none."""
    left = [factor for factor in order if factor not in row]
    if not allowed(row):
        return None
    if not left:
        return row
    factor = left[0]
    for level in prefer(row, factor):
        if full := complete({**row, factor: level}, left, prefer):
            return full
    return None


def wanted_pairs(levels: Levels, rng: random.Random) -> list[Pair]:
    """Those that some row can have."""
    by_followed = sorted(levels, key=lambda factor: factor not in FOLLOWED)
    wanted = []
    for (one, ones), (other, others) in itertools.combinations(levels.items(), 2):
        for pair in itertools.product(ones, others):
            row = {one: pair[0], other: pair[1]}
            if complete(seed_of(frozenset(row.items())), by_followed, lambda _, factor: list(levels[factor])):
                wanted.append(frozenset(row.items()))
    rng.shuffle(wanted)
    return wanted


def candidate(levels: Levels, missing: set[Pair], seed: Pair, rng: random.Random) -> Row:
    """A row with the pair @seed that covers many others that are missing."""
    def gain(row: Row, factor: str, level: str) -> int:
        return sum(frozenset([item, (factor, level)]) in missing for item in row.items())

    def prefer(row: Row, factor: str) -> list[str]:
        return sorted(rng.sample(levels[factor], len(levels[factor])), key=lambda level: -gain(row, factor, level))

    # those first that a factor without a member follows from: what they exclude is seen at once
    order = sorted(rng.sample(list(levels), len(levels)), key=lambda factor: factor not in FOLLOWED)
    row = complete(seed_of(seed), order, prefer)
    assert row, f"{seed} can be covered"
    return {factor: row[factor] for factor in levels}


def add_rows(made: dict[str, Row], levels: Levels, name: Callable[[Row], str]) -> None:
    """Adds rows of these levels, until all of their pairs are covered."""
    rng = random.Random(SEED)
    order = wanted_pairs(levels, rng)
    missing = set(order).difference(*map(pairs_of, made.values()))
    while missing:
        seed = next(pair for pair in order if pair in missing)
        candidates = [candidate(levels, missing, seed, rng) for _ in range(CANDIDATES)]
        row = max((row for row in candidates if name(row) not in made),
                  key=lambda row: len(pairs_of(row) & missing))
        made[name(row)] = row
        missing -= pairs_of(row)


def rows(name: Callable[[Row], str]) -> list[Row]:
    """The array, the same each time. No two rows have the same name."""
    made: dict[str, Row] = {}
    for levels in PLAIN, LEVELS:
        add_rows(made, levels, name)
    return list(made.values())
