# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""One guest from power-on to its end: exchanges messages with scripts/guest/init over ports, and
finds out how the run ended.

The guest writes to its control port, a line each: "up" before the command starts, "beat" every
second, "exit STATUS" after the command, or "fail WHY" when it could not be set up. The supervisor
sends one message: the job, words that end in NUL. What the guest writes to its card port goes to
the emulated card.
"""

import contextlib
import os
import selectors
import signal
import socket
import subprocess
import tempfile
import termios
import time
from pathlib import Path

from . import hold
from .card import Card
from .console import Console
from .machine import DISKS_MIB, PORTS, machine_words, terminal_words
from .nvdimms import Nvdimms
from .options import Options
from .outcome import Exit, Failure, NeverUp, say, within

BOOT_BUDGET = 10
POWEROFF_SECONDS = 20


class Guest:
    """Made with the words of the job: "run" and a command, or "shell" and a terminal's size."""

    def __init__(
        self, options: Options, console: Console, nvdimms: Nvdimms, card: Card, results: Path,
        job: list[str]
    ):
        self.options = options
        self.console = console
        self.card = card
        self.status: int | None = None  # of the command, once it has ended
        self.up = False
        self.cut = False  # the guest has asked to lose its power
        self._shell = job[0] == "shell"
        self._terminal = termios.tcgetattr(0) if self._shell else None
        self._heard = self._asked = b""
        self._sockets: dict[str, socket.socket] = {}
        self._since = self._beat = time.monotonic()
        self._complaints = tempfile.TemporaryFile("w+", errors="replace")
        self._qemu = self._start(nvdimms, results)
        words = [str(len(job)), *job]
        self._sockets["control"].sendall(b"".join(os.fsencode(word) + b"\0" for word in words))

    def _start(self, nvdimms: Nvdimms, results: Path) -> subprocess.Popen:
        theirs = {}
        for port in PORTS:
            self._sockets[port], theirs[port] = socket.socketpair()
        files = {port: end.fileno() for port, end in theirs.items()}
        with contextlib.ExitStack() as stack:
            disks = {}
            for name, size in DISKS_MIB.items():
                disk = stack.enter_context(tempfile.TemporaryFile(dir="/builds"))
                disk.truncate(size << 20)
                disks[name] = disk.fileno()
            words = machine_words(
                self.options, files, disks, nvdimms, self.card.words(), results,
                self.console.path,
            )
            delay = [stack.enter_context(end) for end in hold.make_socket()] if self.options.hold else []
            words += hold.words(delay) if delay else []
            qemu = subprocess.Popen(
                # QEMU must not outlive its supervisor, however that ends.
                ["setpriv", "--pdeathsig", "KILL", "--", *words]
                + (terminal_words() if self._shell else []),
                stdin=None if self._shell else subprocess.DEVNULL,
                stdout=None if self._shell else subprocess.DEVNULL,
                stderr=self._complaints,
                pass_fds=[*files.values(), *disks.values(), *(end.fileno() for end in delay)],
                # Ctrl-C is for the supervisor alone; but a shell's QEMU reads the terminal, which
                # only the group in the foreground may do.
                process_group=None if self._shell else 0,
            )
        for end in theirs.values():
            end.close()
        return qemu

    def run(self) -> int:
        """Watches until the end; returns the command's status, or raises Failure."""
        with selectors.DefaultSelector() as events:
            for port, end in self._sockets.items():
                events.register(end, selectors.EVENT_READ, port)
            while self._qemu.poll() is None:
                ready = self._take(events, 0.2)
                self.console.poll()
                if "control" not in ready:
                    self._check_deadlines()
            # Nothing that the guest sent before its end is lost.
            while events.get_map() and self._take(events, 0):
                pass
        self.console.poll()
        return self._judge()

    def stop(self) -> None:
        """Ends QEMU if it is still there."""
        if self._qemu.poll() is None:
            self._qemu.kill()
        self._qemu.wait()
        if self._terminal:
            # A QEMU that was killed has left the terminal without echo.
            termios.tcsetattr(0, termios.TCSADRAIN, self._terminal)
        for end in self._sockets.values():
            end.close()

    def _take(self, events: selectors.BaseSelector, timeout: float) -> set[str]:
        """Reads what comes from the ports within some time; returns the ports it came from."""
        ready = events.select(timeout)
        for key, _ in ready:
            try:
                data = key.fileobj.recv(65536)
            except ConnectionResetError:
                data = b""
            if not data:
                events.unregister(key.fileobj)
            elif key.data == "control":
                self._hear(data)
            elif key.data == "card":
                self._ask_card(data)
            else:
                write_all(1 if key.data == "stdout" else 2, data)
        return {key.data for key, _ in ready}

    def _hear(self, data: bytes) -> None:
        *lines, self._heard = (self._heard + data).split(b"\n")
        for line in lines:
            word, _, rest = line.decode("utf-8", "replace").partition(" ")
            self._beat = time.monotonic()
            if word == "up":
                self.up = True
                self._since = self._beat
                within(BOOT_BUDGET, time.time() - self.options.started, "guest up")
            elif word == "exit" and rest.isdigit():
                self.status = int(rest)
                self._since = self._beat
            elif word == "fail":
                self._fail(Exit.TESTBED, f"the guest could not be set up: {rest}")

    def _ask_card(self, data: bytes) -> None:
        *lines, self._asked = (self._asked + data).split(b"\n")
        for line in lines:
            if line == b"power-cut" and self.card.there:
                self._cut_power()
            else:
                with contextlib.suppress(OSError):  # QEMU has ended
                    self._sockets["card"].sendall(self.card.request(line))

    def _cut_power(self) -> None:
        """The guest must not see what the card takes back."""
        self._qemu.send_signal(signal.SIGSTOP)
        answer = self.card.request(b"power-cut").decode("ascii", "replace").splitlines()
        self._qemu.kill()
        if answer[-1] != "ok":
            raise Failure(Exit.TESTBED, f"power cut: {answer[-1]}")
        self.cut = True
        say(f"power cut: {answer[0].split()[-1]} bytes that the card wrote were not flushed")

    def _check_deadlines(self) -> None:
        if self.card.end() and self.status is None:
            self._fail(Exit.TESTBED, f"the emulated card ended with {self.card.end()}")
        now = time.monotonic()
        spent, silence = now - self._since, now - self._beat
        if self.status is not None:
            if spent > POWEROFF_SECONDS:
                say("the guest did not power off after the command; ended it")
                self._qemu.kill()
        elif not self.up:
            if spent > self.options.boot:
                self._fail(
                    Exit.TESTBED, f"the guest did not come up within {self.options.boot} s", NeverUp
                )
        elif silence > self.options.hang:
            self._fail(Exit.HUNG, f"the guest hangs: no sign of life for {self.options.hang} s")
        elif spent > self.options.timeout and not self._shell:
            self._fail(Exit.TIMEOUT, f"the command did not end within {self.options.timeout} s")

    def _judge(self) -> int:
        """QEMU has ended: by itself after the command, or before its time."""
        if self.cut:
            return 0
        if self.status is None:
            code = self._qemu.returncode
            if code < 0:
                self._fail(Exit.QEMU, f"QEMU was killed by {signal.Signals(-code).name}")
            if code > 0:
                self._fail(Exit.QEMU, f"QEMU ended with status {code}: {self._complaint()}")
            when = "before the command ended" if self.up else "before it was up"
            self._fail(Exit.TESTBED, f"the guest powered itself off {when}")
        if self.console.oops:
            own = f"the command's own status was {self.status}"
            self._fail(Exit.OOPS, f"the guest's kernel oopsed: {self.console.oops}; {own}")
        if self.console.warnings:
            say(f"the guest's kernel warned {self.console.warnings} times; {self._place()}")
        return self.status

    def _fail(self, status: Exit, what: str, kind: type[Failure] = Failure) -> None:
        """A panic explains all else that went wrong."""
        if self.console.panic:
            first = f"{self.console.oops}: " if self.console.oops else ""
            status, what = Exit.PANIC, f"the guest's kernel panicked: {first}{self.console.panic}"
            kind = Failure
        raise kind(status, f"{what}; {self._place()}")

    def _complaint(self) -> str:
        self._complaints.seek(0)
        lines = self._complaints.read().splitlines()
        return lines[-1] if lines else "it gave no reason"

    def _place(self) -> str:
        return f"console: {self.console.shown_as}"


def write_all(fd: int, data: bytes) -> None:
    while data:
        data = data[os.write(fd, data):]
