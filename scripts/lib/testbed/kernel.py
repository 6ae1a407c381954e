# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""What a kernel that the user built lacks for the testbed and for the scenarios, by its configuration and
configs/kernel/needs. Of Debian's kernels it is known."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .build import BUILDS
from .machine import CACHE, DRIVER
from .options import Options
from .outcome import Exit, Failure, say

TABLE = Path("/odplab/configs/kernel/needs")
BOOT = "boot"
SHOWN = 8  # scenarios of a line
SECONDS = 30


@dataclass(frozen=True)
class Row:
    symbols: list[str]  # any of them will do
    cost: str  # "boot", a NIC of the testbed, or a need of scenarios (common/env/needs.def)

    @property
    def name(self) -> str:
        return " or ".join(f"CONFIG_{symbol}" for symbol in self.symbols)


def rows(text: str) -> list[Row]:
    words = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    return [Row(one[0].split("|"), one[1]) for one in words]


def lacking(config: str, table: list[Row]) -> list[Row]:
    there = set(re.findall(r"^CONFIG_(\w+)=[ym]$", config, re.MULTILINE))
    return [row for row in table if not there.intersection(row.symbols)]


def scenarios_by_need() -> dict[str, list[str]]:
    """From "ID: title" and the line "  needs: NAME..." after it."""
    text = subprocess.run(
        [BUILDS / "release" / "bin" / "odp_test", "--describe", "*"],
        check=True, stdout=subprocess.PIPE, text=True, timeout=SECONDS,
    ).stdout
    found: dict[str, list[str]] = {}
    scenario = ""
    for line in text.splitlines():
        if line.startswith("  needs: "):
            for need in line.split()[1:]:
                found.setdefault(need, []).append(scenario)
        elif not line.startswith(" "):
            scenario = line.split(":")[0]
    return found


def named(scenarios: list[str]) -> str:
    more = f" and {len(scenarios) - SHOWN} more" if len(scenarios) > SHOWN else ""
    return " ".join(scenarios[:SHOWN]) + more


def check_config(config: str, nic: str) -> None:
    missing = lacking(config, rows(TABLE.read_text()))
    vital = [row.name for row in missing if row.cost in (BOOT, nic.split("-")[0])]
    if vital:
        raise Failure(
            Exit.TESTBED,
            f"the kernel lacks {', '.join(vital)}, without which the guest does not get to its command; "
            "configs/kernel/base.config has all that it needs",
        )
    skipped = scenarios_by_need() if missing else {}
    for row in missing:
        if row.cost in skipped:
            say(f"the kernel lacks {row.name}: skipped are {named(skipped[row.cost])}")


def check_modules(options: Options, release: str) -> None:
    """vermagic begins with the release that a module was built for (include/linux/vermagic.h)."""
    modules = sorted(DRIVER.glob("*.ko"))
    if options.driver and not modules:
        raise Failure(Exit.TESTBED, "the folder of --driver has no module (*.ko)")
    for module in modules:
        found = subprocess.run(
            ["modinfo", "-F", "vermagic", module], stdout=subprocess.PIPE, text=True, timeout=SECONDS
        ).stdout.split()
        if not found or found[0] != release:
            made_for = found[0] if found else "no kernel"
            raise Failure(Exit.TESTBED, f"{module.name} is built for {made_for}, but the kernel is {release}")


def check_kernel(options: Options) -> None:
    folder = CACHE / "kernels" / options.kernel
    if options.modules:
        check_modules(options, (folder / "release").read_text().strip())
    if not options.kernel[0].isdigit() and (folder / "config").exists():
        check_config((folder / "config").read_text(), options.nic)
