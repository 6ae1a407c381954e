# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""Cards drawn by chance: some behaviours that are legal, and in half of the draws one defect with them."""

import random
from dataclasses import dataclass

from . import card

MOST_BEHAVIOURS = 4
SAMPLE = 40  # scenarios that a draw without a defect runs


@dataclass(frozen=True)
class Draw:
    """Several rows at once, in the form of one."""

    name: str
    behaviours: tuple[card.Row, ...]
    injection: card.Row | None
    seed: int

    @property
    def is_defect(self) -> bool:
        return self.injection is not None

    @property
    def likely(self) -> str:
        return self.injection.name if self.injection else ""

    @property
    def has_less(self) -> bool:
        return any(one.has_less for one in self.behaviours)

    @property
    def rows(self) -> tuple[card.Row, ...]:
        return self.behaviours + ((self.injection,) if self.injection else ())

    def __str__(self) -> str:
        return " + ".join(one.name for one in self.rows)

    def switch_on(self) -> None:
        card.switch_on(self.rows)

    def switch_off(self) -> int:
        """Returns how often the defect has acted, or else any of the behaviours."""
        counted = [self.injection] if self.injection else self.behaviours
        hits = sum(card.hits(one) for one in counted)
        card.clear(self.rows)
        return hits

    def sample(self, scenarios: list[str]) -> list[str]:
        return random.Random(self.seed).sample(scenarios, min(SAMPLE, len(scenarios)))


def draws(count: int, seed: int) -> list[Draw]:
    """The same ones for the same seed, card and count."""
    chance = random.Random(seed)
    behaviours, injections = card.rows(card.BEHAVE), card.rows(card.INJECT)
    drawn = []
    for i in range(count):
        some = tuple(chance.sample(behaviours, chance.randint(1, MOST_BEHAVIOURS)))
        injection = chance.choice(injections) if i % 2 else None
        drawn.append(Draw(f"draw-{seed}-{i + 1:03}", some, injection, chance.getrandbits(32)))
    return drawn
