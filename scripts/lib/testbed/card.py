# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""The emulated ConnectX: a process beside QEMU that is the guest's NIC."""

import json
import subprocess
import tempfile
import time
from pathlib import Path

from .options import Options
from .outcome import Exit, Failure

PROGRAM = "/builds/release/bin/mlx5_emu"
START_SECONDS = 10

# The NICs that are such a card, with the page-fault scheme of each.
SCHEMES = {"mlx5": "memory", "mlx5-transport": "transport"}


class Card:
    """None of it is there where the guest's NIC is another one."""

    def __init__(self, options: Options):
        self._process: subprocess.Popen | None = None
        self._folder: tempfile.TemporaryDirectory | None = None
        if options.nic in SCHEMES:
            self._start(SCHEMES[options.nic])

    def _start(self, scheme: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="card-")
        self._socket = Path(self._folder.name) / "socket"
        self._said = tempfile.TemporaryFile("w+", errors="replace")
        self._process = subprocess.Popen(
            # As QEMU, it must not outlive its supervisor.
            ["setpriv", "--pdeathsig", "KILL", "--"]
            + [PROGRAM, "--scheme", scheme, str(self._socket)],
            stdin=subprocess.DEVNULL,
            stdout=self._said,
            stderr=self._said,
            process_group=0,
        )
        deadline = time.monotonic() + START_SECONDS
        while not self._socket.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                reason = self.end() or f"no socket within {START_SECONDS} s"
                self.stop()
                raise Failure(Exit.TESTBED, f"the emulated card did not start: {reason}")
            time.sleep(0.01)

    def words(self) -> list[str]:
        """What QEMU must be told."""
        if not self._process:
            return []
        device = {
            "driver": "vfio-user-pci",
            "socket": {"type": "unix", "path": str(self._socket)},
        }
        return ["-device", json.dumps(device)]

    def end(self) -> str:
        """Why the card is gone; empty while it is there."""
        if not self._process or self._process.poll() is None:
            return ""
        self._said.seek(0)
        lines = self._said.read().splitlines()
        return f"status {self._process.returncode}: {lines[-1] if lines else 'it gave no reason'}"

    def stop(self) -> None:
        if not self._process:
            return
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._folder.cleanup()
