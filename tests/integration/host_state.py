# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""What a run could leave on a host: settings, mounts, probes, control groups, files, processes."""

import os
from pathlib import Path

# Of these the kernel changes none by itself.
SETTINGS = (
    "/proc/sys/vm/*", "/sys/kernel/mm/ksm/run", "/sys/kernel/mm/ksm/pages_to_scan",
    "/sys/kernel/mm/ksm/sleep_millisecs", "/sys/kernel/mm/transparent_hugepage/*enabled",
    "/sys/kernel/mm/hugepages/*/nr_hugepages", "/sys/kernel/tracing/kprobe_events",
    "/sys/kernel/tracing/dynamic_events", "/sys/fs/cgroup/cgroup.subtree_control",
)
FOLDERS = ("/sys/kernel/tracing/instances", "/sys/fs/cgroup", "/dev/shm", "/run")
PLACES = ("ext4", "xfs")
# A process of a run has this variable in its environment, whatever session it has gone to.
MARK = "ODPLAB_TEST_MARK"


def settings() -> dict[str, str]:
    found = {}
    for pattern in SETTINGS:
        for path in Path("/").glob(pattern[1:]):
            try:
                found[str(path)] = path.read_text().strip()
            except OSError:
                pass  # what is written only, or needs more rights
    return found


def mounts() -> list[list[str]]:
    """Mount point and type of filesystem of each."""
    lines = Path("/proc/self/mountinfo").read_text().splitlines()
    return [[line.split()[4], line.partition(" - ")[2].split()[0]] for line in lines]


def names() -> set[str]:
    """The names in folders where a run makes some."""
    places = [point for point, kind in mounts() if kind in PLACES and point.startswith("/mnt/")]
    found = set()
    for folder in (*FOLDERS, *places):
        try:
            found.update(f"{folder}/{name}" for name in os.listdir(folder))
        except OSError:
            pass
    return found


def state() -> dict[str, str]:
    """All that is to be as it was."""
    return {
        **settings(),
        **{f"mount {point} {kind}": "" for point, kind in mounts()},
        **{name: "" for name in names()},
    }


def differences(before: dict[str, str], after: dict[str, str]) -> list[str]:
    left = [f"{name} is there" for name in after.keys() - before.keys()]
    lost = [f"{name} is gone" for name in before.keys() - after.keys()]
    changed = [f"{name} is {after[name]!r}, was {before[name]!r}"
               for name in before.keys() & after.keys() if before[name] != after[name]]
    return sorted(left + lost + changed)


def processes(mark: str) -> list[str]:
    """Those of a run that have not ended."""
    wanted = f"{MARK}={mark}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if wanted not in (folder / "environ").read_bytes().split(b"\0"):
                continue
            if (folder / "stat").read_text().rpartition(")")[2].split()[0] != "Z":
                found.append(f"{folder.name} {(folder / 'comm').read_text().strip()}")
        except OSError:
            pass  # ended meanwhile
    return found
