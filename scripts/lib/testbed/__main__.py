# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""python3 -m testbed run -- COMMAND... | shell: builds odplab, boots a guest, hands back how it went."""

import os
import signal
import sys
from pathlib import Path

from .build import build
from .console import Console
from .guest import Guest
from .options import Options
from .outcome import Failure, Interrupted, say
from .results import Staging


def interrupted(number: int, _frame) -> None:
    # Once is enough: nothing interrupts the cleaning up.
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, signal.SIG_IGN)
    raise Interrupted(number)


def run(options: Options, job: list[str]) -> int:
    build()
    staging = Staging()
    try:
        guest = Guest(options, Console(Path("/consoles"), options.consoles, options.verbose), staging.path, job)
        try:
            return guest.run()
        finally:
            guest.stop()
    finally:
        for name in staging.collect():
            say(f"results: {options.project}/results/{name}")


def main() -> int:
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, interrupted)
    job = sys.argv[3:] if sys.argv[1] == "run" else []
    try:
        return run(Options.from_environment(), job)
    except Failure as failure:
        say(str(failure))
        return failure.status
    except Interrupted as stop:
        say("interrupted")
        return stop.status
    except BrokenPipeError:
        # Whoever read the command's output has gone; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 128 + signal.SIGPIPE


sys.exit(main())
