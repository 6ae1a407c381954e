# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""python3 -m hunt --us N --pauses N [--only 'PLACE ...'] [--done PLACE,...] SCENARIO...

Prints a row for each window of this guest's kernel that the scenarios reach. First all of them run without a
pause, and how often each window is executed is counted; then they run once for each window, which is held so
often that the pauses of a run come to about --pauses. A scenario that fails then runs three times more with the
pauses and three times without. Ends with 75 if the guest no longer works as before."""

import argparse
import subprocess
import sys
import time

from prove import row
from prove.suite import Suite, odp_test

from . import delay
from .windows import windows

HARMED = 75
AGAIN = 3
NAME = "{:<60} "
CENSUS = "none"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--us", type=int, required=True)
    parser.add_argument("--pauses", type=int, required=True)
    parser.add_argument("--only", default="")  # places with blanks in between
    parser.add_argument("--done", default="")
    parser.add_argument("scenarios", nargs="+")
    return parser.parse_args()


def say(text: str) -> None:
    print(f"race-hunt: {text}", file=sys.stderr, flush=True)


def begin(name: str) -> None:
    print(NAME.format(name), end="", flush=True)


def census(found: dict[str, list[str]], scenarios: list[str]) -> tuple[dict[str, int], list[str]]:
    """How often each window is executed, and which scenarios fail without a pause."""
    executed: dict[str, int] = {}
    unfit: set[str] = set()
    for batch in delay.batches(found):
        delay.watch(batch)
        run = odp_test(*scenarios)
        if run.all_skipped:
            say("this guest skips all of the scenarios")
            sys.exit(2)
        unfit |= {catch.by for catch in run.failed}
        counts = delay.counts()
        delay.clear()
        for place in batch:
            executed[place] = sum(counts.get(address, (0, 0))[0] for address in found[place])
    return executed, sorted(unfit)


def held(place: str, us: int, every: int, *scenarios: str) -> tuple[list[row.Catch], bool, int]:
    delay.hold(place, us, every)
    run = odp_test(*scenarios)
    if run.stuck:
        return list(run.failed), True, 0
    pauses = sum(paused for _, paused in delay.counts().values())
    delay.clear()
    return list(run.failed), False, pauses


def again(place: str, us: int, every: int, scenario: str) -> str:
    with_pauses = sum(bool(held(place, us, every, scenario)[0]) for _ in range(AGAIN))
    without = sum(bool(odp_test(scenario).failed) for _ in range(AGAIN))
    return f"again: {with_pauses} of {AGAIN}, without pauses {without} of {AGAIN}"


def hunt(place: str, executed: int, options: argparse.Namespace, unfit: list[str]) -> bool:
    """Returns whether the guest still works."""
    begin(place)
    every = max(1, executed // options.pauses)
    failed, stuck, pauses = held(place, options.us, every, *options.scenarios)
    failed = [catch for catch in failed if catch.by not in unfit]
    if stuck:
        row.end("STUCK", failed)
        return False
    if failed:
        row.end("FAILS", failed, note=f"{pauses} pauses, {again(place, options.us, every, failed[0].by)}")
    else:
        row.end("quiet" if pauses else "unheld", [], f"{pauses} pauses, every {every}")
    return Suite(False, {}, {}).driver_works()


def main() -> int:
    options = arguments()
    done = options.done.split(",")
    found = windows()
    if options.only:
        only = options.only.split()
        absent = set(only) - set(found)
        if absent:
            say(f"this kernel has no window {', '.join(sorted(absent))}")
            return 2
        found = {place: found[place] for place in only}
    if not options.done:
        print(NAME.format("WINDOW") + row.REST.format("VERDICT", "NOTICED BY", "WHAT IT SAYS"), flush=True)
    say(f"{len(found)} windows; without a pause first")
    executed, unfit = census(found, options.scenarios)
    reached = [place for place in found if executed[place]]
    if CENSUS not in done:
        begin(CENSUS)
        row.end("quiet", [], f"{len(reached)} of {len(found)} windows are reached" +
                "".join(f"; {name} fails without a pause" for name in unfit))
    if not reached:
        say("the scenarios reach no window")
        return 2
    for place in reached:
        if place in done:
            continue
        began = time.monotonic()
        try:
            works = hunt(place, executed[place], options, unfit)
        except (OSError, subprocess.SubprocessError) as error:
            say(str(error))
            return HARMED
        say(f"{place} took {time.monotonic() - began:.0f} s")
        if not works:
            say(f"the guest does not work as before after {place}")
            return HARMED
    return 0


sys.exit(main())
