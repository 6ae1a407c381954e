# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""What each test does without a mutation: how long it takes, and which functions it enters."""

import re
import subprocess
import sys
from pathlib import Path

from . import sandbox
from .build import Build, Test

# A test that takes longer is no unit test: each of thousands of mutants would wait for it.
LONGEST, PATIENCE = 20, 60
# Of a mutant, in what the test takes without it: processor seconds, which find a loop that does not end
# however busy the host is, and seconds, which find one that waits.
PROCESSOR_FACTOR, PROCESSOR_LEAST, FACTOR, LEAST = 4, 2, 10, 10


def measure(recorded: Build, tests: list[Test], paths: set[str], work: Path) -> list[Test]:
    """The tests of these sources that can be used, with all that is known about them."""
    temporary, record = work / "baseline", work / "record"
    temporary.mkdir(exist_ok=True)
    temporary.chmod(0o1777)
    archives: dict[str, dict[str, list[str]]] = {}
    usable = []
    wanted = {recorded.commands[path]["output"] for path in paths}
    for test in recorded.tests():
        members = {member for program in test.programs
                   for member in recorded.members(program, archives)}
        if not members & wanted:
            continue
        record.unlink(missing_ok=True)
        run = sandbox.run(
            test.command, temporary, PATIENCE, PATIENCE, {**test.environment, "MUTATE_RECORD": str(record)},
            test.folder, early=False,
        )
        if not run.good or run.seconds > LONGEST:
            why = f"takes {run.seconds:.0f} s" if run.good or run.timed_out else "fails without a mutation"
            print(f"mutate: {test.name} is left out: it {why}", file=sys.stderr)
            continue
        same = next((t for t in tests if t.name == test.name), None)
        if same is None:
            continue
        same.seconds, same.early = run.seconds, sandbox.FAILED not in run.output
        same.deadline = max(run.seconds * FACTOR, LEAST)
        same.processor = max(run.processor * PROCESSOR_FACTOR, PROCESSOR_LEAST)
        same.members = members
        if record.exists():
            same.enters = entered(recorded, test.programs[0], record)
        usable.append(same)
    return usable


def entered(build: Build, program: str, record: Path) -> set[tuple[str, int]]:
    path = build.folder / program
    text = subprocess.run(["nm", path], stdout=subprocess.PIPE, text=True, check=True).stdout
    start = int(re.search(r"^(\w+) \w __executable_start$", text, re.MULTILINE)[1], 16)
    marks = [start + mark.start() for mark in re.finditer(rb"[^\0]", record.read_bytes())]
    places = subprocess.run(
        ["addr2line", "-e", path], input="".join(f"{mark:#x}\n" for mark in marks),
        stdout=subprocess.PIPE, text=True, check=True,
    ).stdout
    found = set()
    for place in places.splitlines():
        name, _, line = place.partition(" ")[0].rpartition(":")
        if line.isdigit() and Path(name).is_relative_to(build.tree):
            found.add((str(Path(name).relative_to(build.tree)), int(line)))
    return found
