# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""The survivors, and the score by folder."""

import sys
import threading
import time
from collections import Counter
from pathlib import Path

from .mutations import Mutation
from .trial import KILLED, SURVIVED, TIMEOUT, TRIED, UNTESTED, Verdict

REST = {SURVIVED: "", UNTESTED: "  [no test enters {}]"}


def line(mutation: Mutation) -> str:
    return f"{mutation.path}:{mutation.line}: {mutation.what}"


def survivor(verdict: Verdict) -> str:
    function = verdict.mutation.function
    rest = REST[verdict.result].format(f"{function.name}()" if function else "this file")
    return line(verdict.mutation) + rest


class Progress:
    """Prints each survivor at once, and on a terminal how far the run is."""

    def __init__(self, total: int, quiet: bool):
        self._quiet = quiet  # about survivors
        self._total, self._done, self._began = total, 0, time.monotonic()
        self._lock, self._terminal = threading.Lock(), sys.stderr.isatty()

    def step(self, verdict: Verdict) -> None:
        with self._lock:
            self._done += 1
            clear = "\r\033[K" if self._terminal else ""
            print(clear, end="", file=sys.stderr, flush=True)
            if verdict.result in REST and not self._quiet:
                print(survivor(verdict), flush=True)
            if self._terminal:
                rate = (time.monotonic() - self._began) / self._done
                print(f"mutate: {self._done} of {self._total}, {rate:.2f} s each", end="",
                      file=sys.stderr, flush=True)
                if self._done == self._total:
                    print("\r\033[K", end="", file=sys.stderr, flush=True)


def scores(verdicts: list[Verdict]) -> dict[str, Counter]:
    found: dict[str, Counter] = {}
    for verdict in verdicts:
        folder = str(Path(verdict.mutation.path).parent)
        found.setdefault(folder, Counter())[verdict.result] += 1
    return dict(sorted(found.items()))


def tried(counts: Counter) -> int:
    return sum(counts[result] for result in TRIED)


def killed(counts: Counter) -> int:
    return counts[KILLED] + counts[TIMEOUT]


def percent(counts: Counter) -> float | None:
    return 100 * killed(counts) / tried(counts) if tried(counts) else None


def lowest(verdicts: list[Verdict]) -> float:
    return min((percent(c) for c in scores(verdicts).values() if tried(c)), default=100)


def show(verdicts: list[Verdict], seconds: float) -> None:
    rows = scores(verdicts)
    total = sum(rows.values(), Counter())
    width = max(len(name) for name in ["folder", *rows])
    print(f"{'folder':<{width}}  killed  tried  score  by timeout  no test  not counted")
    for name, counts in [*rows.items(), ("all", total)]:
        score = percent(counts)
        left_out = counts.total() - tried(counts)
        print(f"{name:<{width}}  {killed(counts):>6}  {tried(counts):>5}"
              f"  {'-' if score is None else f'{score:.0f} %':>5}  {counts[TIMEOUT]:>10}"
              f"  {counts[UNTESTED]:>7}  {left_out:>11}")
    print(f"{killed(total)} of {tried(total)} mutants killed, in {seconds:.0f} s")


def as_json(verdicts: list[Verdict], seconds: float) -> dict:
    return {
        "seconds": round(seconds, 1),
        "folders": {
            name: {"killed": killed(counts), "tried": tried(counts), "timeouts": counts[TIMEOUT],
                   "untested": counts[UNTESTED], "not_counted": counts.total() - tried(counts)}
            for name, counts in scores(verdicts).items()
        },
        "mutants": [
            {"path": v.mutation.path, "line": v.mutation.line, "change": v.mutation.what,
             "function": v.mutation.function.name if v.mutation.function else None,
             "result": v.result, "killed_by": v.killer or None}
            for v in verdicts
        ],
    }
