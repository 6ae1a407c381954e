# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""The emulated ConnectX: a process next to QEMU that is the guest's NIC."""

import json
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from .nvdimms import Nvdimms
from .options import Options
from .outcome import Exit, Failure

PROGRAM = "/builds/release/bin/mlx5_emu"
TRACE = "/run/trace"  # the user's file, as enter-root has mounted it
START_SECONDS = 10
STOP_SECONDS = 5
ANSWER_SECONDS = 10

# The NICs that are such a card, with the page-fault scheme of each.
SCHEMES = {"mlx5": "memory", "mlx5-transport": "transport"}


class Card:
    """None of it is there where the guest's NIC is another one."""

    def __init__(self, options: Options, nvdimms: Nvdimms):
        self._process: subprocess.Popen | None = None
        self._control: socket.socket | None = None
        self._folder: tempfile.TemporaryDirectory | None = None
        if options.nic in SCHEMES:
            self._start(options, nvdimms)

    @property
    def there(self) -> bool:
        return self._process is not None

    def _start(self, options: Options, nvdimms: Nvdimms) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="card-")
        self._socket = Path(self._folder.name) / "socket"
        control = Path(self._folder.name) / "control"
        self._said = tempfile.TemporaryFile("w+", errors="replace")
        words = [PROGRAM, "--scheme", SCHEMES[options.nic], "--control", str(control)]
        words += ["--inject", options.inject] if options.inject else []
        words += ["--behave", options.behave] if options.behave else []
        words += ["--trace", TRACE] if options.trace else []
        words += ["--pmem", ",".join(map(str, nvdimms.files))] if nvdimms.files else []
        self._process = subprocess.Popen(
            # As QEMU, it must not outlive its supervisor.
            ["setpriv", "--pdeathsig", "KILL", "--", *words, str(self._socket)],
            stdin=subprocess.DEVNULL,
            stdout=self._said,
            stderr=self._said,
            process_group=0,
        )
        deadline = time.monotonic() + START_SECONDS
        # It listens at the control socket first.
        while not self._socket.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                reason = self.end() or f"no socket within {START_SECONDS} s"
                self.stop()
                raise Failure(Exit.TESTBED, f"the emulated card did not start: {reason}")
            time.sleep(0.01)
        self._control = socket.socket(socket.AF_UNIX)
        self._control.settimeout(ANSWER_SECONDS)
        self._control.connect(str(control))

    def words(self) -> list[str]:
        """The options that QEMU needs."""
        if not self._process:
            return []
        # A port of its own, with the link that the card claims: the driver logs what it finds there.
        port = {
            "driver": "pcie-root-port",
            "id": "card",
            "x-speed": "16",
            "x-width": "16",
        }
        device = {
            "driver": "vfio-user-pci",
            "bus": "card",
            "socket": {"type": "unix", "path": str(self._socket)},
        }
        return ["-device", json.dumps(port), "-device", json.dumps(device)]

    def request(self, line: bytes) -> bytes:
        """Asks the card for something (emu/bus/control.h): lines, the last is "ok" or "error: ..."."""
        if not self._control:
            return b"error: the guest has no emulated card\n"
        answer = b""
        try:
            self._control.sendall(line + b"\n")
            while not answer.endswith(b"ok\n") and b"error: " not in answer:
                data = self._control.recv(65536)
                if not data:
                    return b"error: the emulated card has hung up\n"
                answer += data
        except OSError as error:
            return f"error: the emulated card does not answer: {error}\n".encode()
        return answer

    def end(self) -> str:
        """Why the card is gone; empty while it is there."""
        if not self._process or self._process.poll() is None:
            return ""
        self._said.seek(0)
        lines = self._said.read().splitlines()
        return f"status {self._process.returncode}: {lines[-1] if lines else 'it gave no reason'}"

    def stop(self) -> None:
        """Lets it write its trace to the end."""
        if not self._process:
            return
        if self._control:
            self._control.close()
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()
