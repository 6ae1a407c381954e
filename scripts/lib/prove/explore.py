# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""Programs that are drawn by chance (odp_explore) as those that have to detect an injection."""

import json
import subprocess

from places import OPTIONS

from .row import Catch
from .suite import CHECK, CHECK_SECONDS, STUCK, Run, end_early, odp_test

PROGRAMS = 150
RUN_SECONDS = 1200
# Each row draws the same programs: without an injection they pass.
COMMAND = ("odp_explore", "--json", "--tries", "0", "--programs", str(PROGRAMS), *OPTIONS)


class Explore:
    def clean(self) -> Run:
        return explore()

    def under(self, _asked: object) -> Run:
        return explore()

    def driver_works(self) -> bool:
        return odp_test(*CHECK, seconds=CHECK_SECONDS).good


def explore() -> Run:
    with subprocess.Popen(COMMAND, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            out, errors = process.communicate(timeout=RUN_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            return end_early(True, f"no end within {RUN_SECONDS} s")
    if process.returncode not in (0, 1):
        return end_early(False, f"status {process.returncode}: {errors.strip()[-200:]}")
    found = json.loads(out)
    if found["verdict"] == "PASS":
        return Run(True, False, [])
    catch = Catch(f"program-{found['programs']}", found["why"])
    return Run(False, STUCK in found["why"], [catch], failed=(catch,))
