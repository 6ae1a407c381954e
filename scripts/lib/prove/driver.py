# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""The driver of the emulated card."""

import subprocess
import time
from pathlib import Path

DEVICES = Path("/sys/class/infiniband")
BIND_SECONDS = 120
PORT_SECONDS = 60


def bind_anew() -> None:
    """The driver reads a card's capabilities and limits when it binds, and then no more."""
    function = (next(DEVICES.iterdir()) / "device").resolve()
    driver = (function / "driver").resolve()
    _write(driver / "unbind", function.name)
    _write(driver / "bind", function.name)
    _wait_for_port()


def _write(attribute: Path, text: str) -> None:
    """By a process of its own: where the driver hangs, only that one waits for it."""
    writer = subprocess.Popen(["tee", attribute], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    writer.communicate(text, timeout=BIND_SECONDS)
    if writer.returncode:
        raise OSError(f"cannot write {text} to {attribute}")


def _wait_for_port() -> None:
    until = time.monotonic() + PORT_SECONDS
    while not any("ACTIVE" in state.read_text() for state in DEVICES.glob("*/ports/1/state")):
        if time.monotonic() > until:
            raise OSError(f"no port came up within {PORT_SECONDS} s after the driver was bound anew")
        time.sleep(0.1)
