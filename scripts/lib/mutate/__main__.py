# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""python3 -m mutate: what scripts/mutate runs, in a mount namespace of its own."""

import argparse
import fcntl
import json
import os
import random
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from . import report, sandbox, trial
from .baseline import measure
from .build import Build, Failed, recording, run, update_copy
from .memory import Memory
from .mutations import Mutation, mutations

DEFAULT = ("common", "emu")
# The folder of the builds has the same name on every host, so that ccache knows what it has compiled.
WORK = Path("/mnt")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="mutate", allow_abbrev=False)
    parser.add_argument("--project", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="store_true")  # those that standard input lists
    parser.add_argument("--goal", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--anew", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("path", nargs="*")
    return parser.parse_args()


def take(work: Path):
    """Mounts the folder of the builds in this namespace, for one run at a time."""
    lock = open(work / "lock", "w", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Failed(f"another run is at work in {work}") from None
    run("mount", "--bind", work, WORK)
    return lock


def chosen(project: Path, build: Build, words: list[str]) -> list[str]:
    """The sources that the words name: files or folders of the project."""
    found = []
    for word in words or [folder for folder in DEFAULT if (project / folder).exists()]:
        path = os.path.normpath(word)
        if Path(path).is_absolute():
            path = os.path.relpath(path, project)
        sources = [name for name in build.commands if name == path or path == "." or
                   name.startswith(path + "/")]
        if not sources:
            raise Failed(f"{word} is no source, or folder of sources, that the build compiles")
        found += [name for name in sorted(sources) if name not in found]
    return found


def pick(found: list[Mutation], options: argparse.Namespace) -> list[Mutation]:
    if options.only:
        listed = {text.rstrip("\n").partition("  [")[0] for text in sys.stdin}
        found = [mutation for mutation in found if report.line(mutation) in listed]
    if not options.sample or options.sample >= len(found):
        return found
    places = sorted(random.Random(options.seed).sample(range(len(found)), options.sample))
    return [found[place] for place in places]


def run_all(todo: list[Mutation], workers: list[trial.Worker], quiet: bool) -> list[trial.Verdict]:
    free: SimpleQueue[trial.Worker] = SimpleQueue()
    for worker in workers:
        free.put(worker)
    progress = report.Progress(len(todo), quiet)
    verdicts: list[trial.Verdict] = []

    def one(mutation: Mutation) -> None:
        worker = free.get()
        try:
            verdict = worker.verdict(mutation)
        finally:
            free.put(worker)
        progress.step(verdict)
        verdicts.append(verdict)

    pool = ThreadPoolExecutor(len(workers))
    try:
        list(pool.map(one, todo))
    except KeyboardInterrupt:
        pool.shutdown(wait=False, cancel_futures=True)
        print(f"mutate: interrupted after {len(verdicts)} of {len(todo)}", file=sys.stderr)
    return sorted(verdicts, key=lambda v: (v.mutation.path, v.mutation.start))


def try_all(build: Build, todo: list[Mutation], options: argparse.Namespace) -> list[trial.Verdict]:
    jobs = options.jobs
    recorded = recording(build.tree, WORK / "recorded")
    recorded.make(jobs)
    sandbox.seal(WORK)
    tests = measure(recorded, build.tests(), {m.path for m in todo}, WORK)
    sources = trial.Sources(build)
    memory = Memory(WORK / "verdicts.json", build, options.anew)
    workers = [trial.Worker(number, sources, tests, memory, WORK) for number in range(jobs)]
    verdicts = run_all(todo, workers, options.json)
    memory.save()
    return verdicts


def interrupt(*_) -> None:
    raise KeyboardInterrupt


def main() -> int:
    options = arguments()
    # the first process of a namespace is spared the signals that it has no handler for
    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGINT, interrupt)
    lock = take(options.work)
    tree = WORK / "tree"
    tree.mkdir(exist_ok=True)
    update_copy(options.project, tree)
    build = Build(tree, WORK / "build")
    build.make(options.jobs)
    found = [m for name in chosen(options.project, build, options.path)
             for m in mutations(name, (tree / name).read_text())]
    todo = pick(found, options)
    if options.list:
        for mutation in todo:
            print(report.line(mutation))
        return 0
    began = time.monotonic()
    verdicts = try_all(build, todo, options)
    seconds = time.monotonic() - began
    lock.close()
    if options.json:
        print(json.dumps(report.as_json(verdicts, seconds), indent="\t"))
    else:
        report.show(verdicts, seconds)
    sys.stdout.flush()
    if len(verdicts) < len(todo):
        os._exit(130)  # mutants that are under way are not waited for
    return 0 if report.lowest(verdicts) >= options.goal else 1


try:
    sys.exit(main())
except Failed as failure:
    print(f"mutate: {failure}", file=sys.stderr)
    sys.exit(2)
except KeyboardInterrupt:
    os._exit(130)
