# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""python3 -m testbed run COMMAND... | shell ROWS COLUMNS: builds odplab unless it is installed, boots a
guest, hands back how it went."""

import os
import signal
import sys
import time
from dataclasses import replace

from .build import build
from .card import Card
from .console import Console
from .guest import Guest
from .kernel import check_kernel
from .nvdimms import Nvdimms
from .options import Options
from .outcome import Failure, Interrupted, NeverUp, say
from .results import Staging

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def interrupted(number: int, _frame) -> None:
    # Once is enough: nothing interrupts the cleaning up.
    for signum in SIGNALS:
        signal.signal(signum, signal.SIG_IGN)
    raise Interrupted(number)


def run(options: Options, job: list[str]) -> int:
    if not options.installed and build("release"):
        # The time to the first command is that of an unchanged tree.
        options = replace(options, started=time.time())
    check_kernel(options)
    staging = Staging(options.results)
    try:
        try:
            return boot(options, staging, job)
        except NeverUp as failure:
            # Once in some hundred boots a kernel on emulated processors stops before it has started
            # anything: nothing was done that could not be done again.
            say(f"{failure}; booting again")
            return boot(replace(options, started=time.time()), staging, job)
    finally:
        for name in staging.collect():
            say(f"results: {options.results}/{name}")


def boot(options: Options, staging: Staging, job: list[str]) -> int:
    console = Console(options.consoles, options.verbose)
    nvdimms = Nvdimms(options)
    card = Card(options, nvdimms)
    try:
        guest = Guest(options, console, nvdimms, card, staging.path, job)
        try:
            return guest.run()
        finally:
            guest.stop()
    finally:
        card.stop()


def main() -> int:
    for signum in SIGNALS:
        signal.signal(signum, interrupted)
    try:
        return run(Options.from_environment(), sys.argv[1:])
    except Failure as failure:
        say(str(failure))
        return failure.status
    except Interrupted as stop:
        say("interrupted")
        return stop.status
    except BrokenPipeError:
        # The reader of the command's output has gone.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 128 + signal.SIGPIPE


sys.exit(main())
