# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""One guest from power-on to its end: talks to scripts/guest/init over ports, and finds out how the run ended.

The guest says on its control port, a line each: "up" before the command starts, "beat" every second, "exit STATUS" after
the command, or "fail WHY" when it could not be set up. The supervisor says one thing: the job, as words that end in NUL.
"""

import os
import selectors
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from .console import Console
from .machine import PORTS, SWAP_MIB, machine, terminal_words
from .options import Options
from .outcome import Exit, Failure, say, within

BOOT_BUDGET = 10
BOOT_SECONDS = 180
POWEROFF_SECONDS = 15


class Guest:
    """Made with the words of the job: what it runs, or nothing for a shell on the user's terminal."""

    def __init__(self, options: Options, console: Console, results: Path, job: list[str]):
        self.options = options
        self.console = console
        self.status: int | None = None
        self.up = False
        self._control = b""
        self._sockets: dict[str, socket.socket] = {}
        self._began = self._beat = time.monotonic()
        self._qemu = self._start(results, job)

    def _start(self, results: Path, job: list[str]) -> subprocess.Popen:
        theirs = {}
        for port in PORTS:
            self._sockets[port], theirs[port] = socket.socketpair()
        swap = tempfile.TemporaryFile(dir="/builds")
        swap.truncate(SWAP_MIB << 20)
        files = {name: end.fileno() for name, end in theirs.items()}
        words = machine(self.options, files, swap.fileno(), results, self.console.path)
        self._complaints = tempfile.TemporaryFile("w+", errors="replace")
        qemu = subprocess.Popen(
            # QEMU must not outlive its supervisor, whatever ends that.
            ["setpriv", "--pdeathsig", "KILL", "--"] + words + ([] if job else terminal_words()),
            stdin=subprocess.DEVNULL if job else None, stdout=subprocess.DEVNULL if job else None,
            stderr=self._complaints, pass_fds=[*files.values(), swap.fileno()],
            # A shell's QEMU reads the terminal, so it stays in the foreground; else Ctrl-C is for the supervisor alone.
            process_group=0 if job else None,
        )
        swap.close()
        for end in theirs.values():
            end.close()
        words = [str(len(job)), *job]
        self._sockets["control"].sendall(b"".join(os.fsencode(word) + b"\0" for word in words))
        return qemu

    def run(self) -> int:
        """Watches until the end; returns the command's status, or raises Failure."""
        with selectors.DefaultSelector() as events:
            for port, end in self._sockets.items():
                events.register(end, selectors.EVENT_READ, port)
            pidfd = os.pidfd_open(self._qemu.pid)
            events.register(pidfd, selectors.EVENT_READ, "ended")
            try:
                self._watch(events)
            finally:
                os.close(pidfd)
        return self._judge()

    def stop(self) -> None:
        """Ends QEMU if it is still there."""
        if self._qemu.poll() is None:
            self._qemu.kill()
        self._qemu.wait()
        for end in self._sockets.values():
            end.close()

    def _watch(self, events: selectors.BaseSelector) -> None:
        ended = False
        while not ended:
            ready = {key.data: key for key, _ in events.select(timeout=0.2)}
            # The end comes last, so that nothing that the guest said before is lost.
            ended = "ended" in ready and len(ready) == 1
            for port in PORTS:
                if port in ready and not self._read(port):
                    events.unregister(ready[port].fileobj)
            self.console.poll()
            if not ended and "control" not in ready:
                self._check_deadlines()
        self._qemu.wait()
        self.console.poll()

    def _read(self, port: str) -> bool:
        """Takes what a port has to say; False at its end."""
        try:
            data = self._sockets[port].recv(65536)
        except ConnectionResetError:
            data = b""
        if port == "control":
            *lines, self._control = (self._control + data).split(b"\n")
            for line in lines:
                self._hear(line.decode("utf-8", "replace"))
        else:
            write_all(1 if port == "stdout" else 2, data)
        return bool(data)

    def _hear(self, line: str) -> None:
        self._beat = time.monotonic()
        word, _, rest = line.partition(" ")
        if word == "up":
            self.up = True
            within(BOOT_BUDGET, self._beat - self._began, "guest up")
            self._began = self._beat
        elif word == "exit" and rest.isdigit():
            self.status = int(rest)
            self._began = self._beat
        elif word == "fail":
            raise Failure(Exit.TESTBED, f"the guest could not be set up: {rest}; {self._place()}")

    def _check_deadlines(self) -> None:
        now = time.monotonic()
        since, silence = now - self._began, now - self._beat
        if self.status is not None:
            if since > POWEROFF_SECONDS:
                say("the guest did not power off after the command, ended it")
                self._qemu.kill()
        elif not self.up:
            if since > BOOT_SECONDS:
                self._fail(Exit.TESTBED, f"the guest did not come up within {BOOT_SECONDS} s")
        elif silence > self.options.hang:
            self._fail(Exit.HUNG, f"the guest hangs: no sign of life for {self.options.hang} s")
        elif since > self.options.timeout:
            self._fail(Exit.TIMEOUT, f"the command did not end within {self.options.timeout} s")

    def _fail(self, status: Exit, what: str) -> None:
        if self.console.panic:
            status, what = Exit.PANIC, f"the guest's kernel panicked: {self.console.panic}"
        raise Failure(status, f"{what}; {self._place()}")

    def _judge(self) -> int:
        """QEMU has ended: by itself after the command, or before its time."""
        if self.status is None:
            code = self._qemu.returncode
            if code < 0:
                self._fail(Exit.QEMU, f"QEMU was killed by {signal.Signals(-code).name}")
            if code > 0:
                self._fail(Exit.QEMU, f"QEMU ended with status {code}: {self._complaint()}")
            when = "before the command ended" if self.up else "before it was up"
            self._fail(Exit.TESTBED, f"the guest powered itself off {when}")
        if self.console.oops:
            said = f"the guest's kernel oopsed: {self.console.oops}; the command's own status was {self.status}"
            self._fail(Exit.OOPS, said)
        if self.console.warnings:
            say(f"the guest's kernel warned {self.console.warnings} times; {self._place()}")
        return self.status

    def _complaint(self) -> str:
        self._complaints.seek(0)
        lines = self._complaints.read().splitlines()
        return lines[-1] if lines else "no message"

    def _place(self) -> str:
        return f"console: {self.console.shown_as}"


def write_all(fd: int, data: bytes) -> None:
    while data:
        data = data[os.write(fd, data):]
