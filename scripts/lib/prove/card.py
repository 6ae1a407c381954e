# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""The emulated card, by the guest's command "card"."""

import re
import subprocess
from dataclasses import dataclass

ANSWER_SECONDS = 30
# How mlx5_emu describes an injection that a good test passes.
NO_DEFECT = "no defect:"


@dataclass(frozen=True)
class Injection:
    name: str
    about: str

    @property
    def is_defect(self) -> bool:
        return not self.about.startswith(NO_DEFECT)


def card(*words: str) -> str:
    return subprocess.run(
        ["card", *words], check=True, stdout=subprocess.PIPE, text=True, timeout=ANSWER_SECONDS
    ).stdout


def injections() -> list[Injection]:
    return [Injection(*line.split(maxsplit=1)) for line in card("list").splitlines()]


def switch_on(injection: Injection) -> None:
    card("inject", injection.name)


def switch_off(injection: Injection) -> int:
    """Returns how often it has acted."""
    pattern = rf"^{re.escape(injection.name)} .*\(on: (\d+) of"
    found = re.search(pattern, card("list"), re.MULTILINE)
    card("clear", "all")
    return int(found[1]) if found else 0
