# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""How a run can end, and the lines for the user. The exit statuses are an interface: testbed(1) lists
them."""

import os
import sys
from enum import IntEnum


class Exit(IntEnum):
    OOPS = 120
    PANIC = 121
    HUNG = 122
    QEMU = 123
    TIMEOUT = 124
    TESTBED = 125


class Failure(Exception):
    """Ends the run with a status and one line for the user."""

    def __init__(self, status: int, message: str):
        super().__init__(message)
        self.status = status


class NeverUp(Failure):
    """The guest has not got as far as asking for its command."""


class Interrupted(Exception):
    """A signal asks the supervisor to stop."""

    def __init__(self, signal: int):
        super().__init__(signal)
        self.status = 128 + signal


def say(message: str) -> None:
    print(f"{os.environ['TESTBED_NAME']}: {message}", file=sys.stderr, flush=True)


def within(budget: int, seconds: float, what: str) -> None:
    verdict = f" (budget {budget} s)" if seconds < budget else f", over its budget of {budget} s"
    say(f"{what} in {seconds:.1f} s{verdict}")
