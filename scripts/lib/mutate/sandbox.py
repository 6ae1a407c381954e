# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""Where a mutant runs: one that kills, fills or unmounts what it should not must reach nothing of this
machine. Each run is a PID namespace of its own, with /tmp and /dev/shm of its own and every other
filesystem read-only."""

import os
import resource
import selectors
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

GIB = 1 << 30
FILE_BYTES, DATA_BYTES = 8 * GIB, 8 * GIB # sparse files and regions of the tests are smaller
KEPT = ("/proc", "/dev")  # made for each run, or made of devices
UNSHARE = (
    # what encloses it is private already, and in a chroot propagation cannot be set
    "unshare", "--mount", "--propagation", "unchanged", "--pid", "--fork", "--kill-child", "--mount-proc",
)
# In the run's own namespace: $1 becomes /tmp. The shell stays, as the first process of a namespace is
# spared the signals that end others.
ENTER = """
mount --bind "$1" /tmp
mount -t tmpfs -o size=512m shm /dev/shm
mount --bind /proc/sys /proc/sys
mount -o remount,bind,ro /proc/sys
shift
"$@"
exit $?
"""
FAILED = b"[  FAILED  ]"  # cmocka, at the first test that did


@dataclass
class Run:
    status: int
    seconds: float
    processor: float
    timed_out: bool
    output: bytes

    @property
    def good(self) -> bool:
        return not self.timed_out and self.status in (0, 77)


def seal(work: Path) -> None:
    """Makes all filesystems of this mount namespace read-only but the one with the builds."""
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        point = line.split()[4].encode().decode("unicode_escape")
        if point.startswith(KEPT) or Path(point).is_relative_to(work):
            continue
        words = ["mount", "-o", "remount,bind,ro", point]
        subprocess.run(words, stderr=subprocess.DEVNULL, check=False)


def limits(processor: float) -> None:
    seconds = int(processor) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_DATA, (DATA_BYTES, DATA_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def clean(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def run(command: list[str], temporary: Path, seconds: float, processor: float,
        environment: dict[str, str] | None = None, folder: str | None = None,
        early: bool = True) -> Run:
    """Runs a command to its end, to its first failure, or for so many seconds."""
    words = [*UNSHARE, "sh", "-c", ENTER, "sh", str(temporary), *command]
    began, before = time.monotonic(), os.times()
    output, timed_out = b"", False
    with subprocess.Popen(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        start_new_session=True, cwd=folder or "/", preexec_fn=lambda: limits(processor),
        env={**os.environ, "TMPDIR": "/tmp", **(environment or {})},
    ) as child:
        os.set_blocking(child.stdout.fileno(), False)
        with selectors.DefaultSelector() as wait:
            wait.register(child.stdout, selectors.EVENT_READ)
            while True:
                left = began + seconds - time.monotonic()
                if left <= 0 or not wait.select(left):
                    timed_out = True
                    break
                piece = child.stdout.read(65536)
                if not piece:
                    break
                output = (output + piece)[-65536:]
                if early and FAILED in output:
                    break
        if timed_out or child.poll() is None and early and FAILED in output:
            os.killpg(child.pid, signal.SIGKILL)
        try:
            child.wait(max(began + seconds - time.monotonic(), 1))
        except subprocess.TimeoutExpired:
            timed_out = True
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    clean(temporary)
    killed_by_limit = child.returncode in (-signal.SIGXCPU, 128 + signal.SIGXCPU)
    return Run(child.returncode, time.monotonic() - began, used, timed_out or killed_by_limit, output)
