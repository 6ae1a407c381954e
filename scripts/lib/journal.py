# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""What odp_test --journal has written: python3 -m journal listed|culprit FILE prints the ids of the
scenarios that were to run, or of the one that was running when the journal ends."""

import json
import sys
from pathlib import Path


def events(path: Path) -> list[dict]:
    """None where a run did not come so far as to begin."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def listed(found: list[dict]) -> list[str]:
    return [name for event in found if event["event"] == "run" for name in event["scenarios"]]


def culprit(found: list[dict]) -> list[str]:
    last = found[-1] if found else {"event": None}
    return [last["id"]] if last["event"] == "begin" else []


def verdicts(found: list[dict]) -> dict[str, dict]:
    """The end of each scenario that has one, by its id."""
    return {event["id"]: event for event in found if event["event"] == "end"}


if __name__ == "__main__":
    print("\n".join({"listed": listed, "culprit": culprit}[sys.argv[1]](events(Path(sys.argv[2])))))
