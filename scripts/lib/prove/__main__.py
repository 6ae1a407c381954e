# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""python3 -m prove suite|explore|third-party [--full] [--behaviours | --random COUNT --seed SEED]
                              [--done NAME,...] [--only NAME,...] [--likely NAME=SCENARIO,...]
                              [--barred NAME=SCENARIO,...] [--clean ROW]

Prints a row for each injection of the emulated card, for each behaviour, or for each set of them that is drawn by
chance. Ends with 75 if the guest no longer works as
before: scripts/prove-suite then boots again, and names what is done, and the row without an injection."""

import argparse
import subprocess
import sys
import time

from . import card, row
from .draws import Draw, draws
from .explore import Explore
from .suite import Suite
from .third_party import ThirdParty

HARMED = 75
CLEAN = "none"  # the first row: without an injection


def words(text: str) -> list[str]:
    return [word for word in text.split(",") if word]


def pairs(text: str) -> dict[str, str]:
    return dict(word.split("=", 1) for word in words(text))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("tests", choices=("suite", "explore", "third-party"))
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--behaviours", action="store_true")
    parser.add_argument("--random", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--done", type=words, default=[])
    parser.add_argument("--only", type=words, default=[])
    parser.add_argument("--likely", type=pairs, default={})
    parser.add_argument("--barred", type=pairs, default={})
    parser.add_argument("--clean", default="")
    return parser.parse_args()


def say(text: str) -> None:
    print(f"prove-suite: {text}", file=sys.stderr, flush=True)


def prove_clean(judge: Suite | Explore | ThirdParty) -> None:
    row.begin(CLEAN)
    run = judge.clean()
    verdict = "FAILS" if run.catches else "passes"
    row.end(verdict, run.catches, "nothing fails without an injection", skipped=run.skipped)


def prove(judge: Suite | Explore | ThirdParty, asked: card.Row | Draw) -> bool:
    """Returns whether the guest still works. A card that wrote to the kernel's page of zeros leaves
    one where any program may crash: what was detected is printed before anything else."""
    row.begin(asked.name)
    asked.switch_on()
    run = judge.under(asked)
    if run.catches:
        row.end("caught" if asked.is_defect else "FAILS", run.catches, note=str(asked), unproven=run.unproven)
    if run.stuck:
        return False
    try:
        hits = asked.switch_off()
        works = judge.driver_works()
    except (OSError, subprocess.SubprocessError) as error:
        say(str(error))
        return False
    if not run.catches:
        otherwise = f"it acted {hits} times" if hits else "it never had an occasion"
        # what a card that has less never does is no defect of the suite
        missed = asked.is_defect and (hits or not isinstance(asked, Draw))
        row.end("MISSED" if missed else "passes", [], otherwise, note=str(asked), unproven=run.unproven)
    return works


def main() -> int:
    options = arguments()
    judge: Suite | Explore | ThirdParty = ThirdParty(options.full)
    if options.tests == "explore":
        judge = Explore()
    elif options.tests == "suite":
        judge = Suite(options.full, options.likely, options.barred)
        if options.clean:
            judge.remember(row.detectors(options.clean), row.skipped_in(options.clean))
    request = card.BEHAVE if options.behaviours else card.INJECT
    known: list[card.Row] | list[Draw] = card.rows(request)
    if options.random:
        known = draws(options.random, options.seed)
    unknown = set(options.only) - {asked.name for asked in known}
    if unknown:
        say(f"unknown name {', '.join(sorted(unknown))}; mlx5_emu --{request} list has all")
        return 2
    if not options.done:
        row.head()
    if CLEAN not in options.done:
        prove_clean(judge)
    for asked in known:
        if asked.name in options.done or (options.only and asked.name not in options.only):
            continue
        began = time.monotonic()
        works = prove(judge, asked)
        say(f"{asked.name} took {time.monotonic() - began:.0f} s")
        if not works:
            say(f"the guest does not work as before after {asked.name}")
            return HARMED
    return 0


sys.exit(main())
