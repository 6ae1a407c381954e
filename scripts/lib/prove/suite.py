# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""The scenarios of odp_test as those that have to detect an injection."""

import json
import subprocess
import tempfile
from dataclasses import dataclass

from places import PLACES

from .card import Row
from .draws import Draw
from .row import Catch

RUN_SECONDS = 1200
CHECK_SECONDS = 90
# In the reason of a scenario that waits in the kernel for ever.
STUCK = "cannot be killed"
ALL_SKIPPED = 77
# Scenarios that pass if the driver still works.
CHECK = ("DP-01.write", "DP-01.read", "DP-02")


@dataclass
class Run:
    good: bool
    stuck: bool
    catches: list[Catch]
    skipped: frozenset[str] = frozenset()
    unproven: tuple[Catch, ...] = ()  # no witness could tell
    all_skipped: bool = False
    failed: tuple[Catch, ...] = ()  # the catches without a known defect that did not show

    def noticed(self) -> "Run":
        """Where an UNPROVEN must not be either, it counts."""
        return Run(self.good, self.stuck, [*self.catches, *self.unproven], self.skipped)


class Suite:
    def __init__(self, full: bool, likely: dict[str, str], barred: dict[str, str]):
        self._full = full
        self._likely = likely  # which detected an injection the last time
        self._barred = barred  # which detected it already, where another one has to
        self._unfit: list[str] = []  # which fail without one: their failure proves nothing
        self._skipped: frozenset[str] = frozenset()  # without one

    def clean(self) -> Run:
        run = odp_test().noticed()
        self.remember([catch.by for catch in run.catches], run.skipped)
        return run

    def remember(self, unfit: list[str], skipped: frozenset[str]) -> None:
        """What a run without an injection has shown, in this guest or in an earlier one."""
        self._unfit, self._skipped = unfit, skipped

    def under(self, asked: Row | Draw) -> Run:
        unfit = [*self._unfit, self._barred.get(asked.likely)]
        fit = [scenario for scenario in scenarios() if scenario not in unfit]
        if not asked.is_defect:
            return self._alike(asked, odp_test(*(asked.sample(fit) if isinstance(asked, Draw) else fit)))
        if self._full:
            return odp_test(*fit).noticed()
        if self._likely.get(asked.likely) in fit:
            run = odp_test("--stop-on-failure", self._likely[asked.likely]).noticed()
            if run.catches:
                return run
        return odp_test("--stop-on-failure", *fit).noticed()

    def _alike(self, asked: Row | Draw, run: Run) -> Run:
        """A scenario may be skipped only where it is without a behaviour, or where the card has less."""
        if not asked.has_less:
            run.catches += [Catch(by, "is skipped") for by in sorted(run.skipped - self._skipped)]
        return run

    def driver_works(self) -> bool:
        return odp_test(*CHECK, seconds=CHECK_SECONDS).good


def scenarios() -> list[str]:
    table = subprocess.run(
        ["odp_test", "--list"], check=True, stdout=subprocess.PIPE, text=True, timeout=CHECK_SECONDS
    ).stdout
    return [line.split()[0] for line in table.splitlines()[1:]]


def odp_test(*words: str, seconds: int = RUN_SECONDS) -> Run:
    with tempfile.TemporaryDirectory() as folder:
        command = ["odp_test", "--json", "--output", folder, "--devdax", PLACES["DEVDAX"], *words]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            try:
                out, output = process.communicate(timeout=seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                return end_early(True, f"no end within {seconds} s")
    if process.returncode not in (0, 1, 3, ALL_SKIPPED):
        return end_early(False, f"status {process.returncode}: {output.strip()[-200:]}")
    # an ERROR is the host's: it detects nothing
    outcomes = json.loads(out)["scenarios"]
    catches = told(outcomes, "FAIL", "XPASS")
    skipped = frozenset(scenario["id"] for scenario in outcomes if scenario["verdict"] == "SKIP")
    stuck = any(STUCK in catch.message for catch in catches)
    return Run(
        process.returncode == 0, stuck, catches, skipped,
        unproven=tuple(told(outcomes, "UNPROVEN")), failed=tuple(told(outcomes, "FAIL")),
        all_skipped=process.returncode == ALL_SKIPPED,
    )


def end_early(stuck: bool, message: str) -> Run:
    catch = Catch("odp_test", message)
    return Run(False, stuck, [catch], failed=(catch,))


def told(outcomes: list[dict[str, str]], *verdicts: str) -> list[Catch]:
    return [Catch(one["id"], one["why"]) for one in outcomes if one["verdict"] in verdicts]
