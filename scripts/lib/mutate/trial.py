# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""One mutant: compiled, linked into one test after the other, and run until one of them fails."""

import shutil
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from . import sandbox
from .build import Build, Failed, Test
from .memory import Memory
from .mutations import Mutation

KILLED, TIMEOUT, SURVIVED, UNTESTED = "killed", "timeout", "survived", "untested"
NOT_COMPILED, EQUIVALENT = "not compiled", "equivalent"
TRIED = (KILLED, TIMEOUT, SURVIVED, UNTESTED)
COMPILE_SECONDS, LINK_SECONDS = 60, 60
# A test that takes longer is tried on the source that it is named after only: each survivor would wait
# for it.
LONG = 2.5
# They take a third of the time of the default linker, which each test of each mutant needs.
FAST_LINKERS = [name for name in ("lld", "gold") if shutil.which(f"ld.{name}")]


@dataclass
class Verdict:
    mutation: Mutation
    result: str
    killer: str = ""


class Sources:
    """The sources as they are, and their objects at two levels of optimisation. What a compiler that
    optimises makes the same of is the same."""

    def __init__(self, build: Build):
        self.build = build
        self._texts: dict[str, str] = {}
        self._objects: dict[tuple[str, bool], bytes] = {}
        self._lock = threading.Lock()

    def text(self, path: str) -> str:
        if path not in self._texts:
            self._texts[path] = (self.build.tree / path).read_text()
        return self._texts[path]

    def original(self, path: str, optimised: bool, scratch: Path) -> bytes:
        with self._lock:
            if (path, optimised) not in self._objects:
                made = self.compile(path, self.text(path), optimised, scratch)
                if made is None:
                    raise Failed(f"{path} does not compile from standard input, without a mutation")
                self._objects[path, optimised] = made
            return self._objects[path, optimised]

    def compile(self, path: str, text: str, optimised: bool, output: Path) -> bytes | None:
        words = self.build.compile_words(path, str(output))
        if optimised:
            words[-1:-1] = ["-O2"]
        output.unlink(missing_ok=True)
        subprocess.run(
            words, input=f'# 1 "{self.build.tree / path}"\n{text}', text=True, check=False,
            cwd=self.build.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            timeout=COMPILE_SECONDS,
        )
        return output.read_bytes() if output.exists() else None


class Worker:
    def __init__(self, number: int, sources: Sources, tests: list[Test], memory: Memory, work: Path):
        self._sources, self._tests, self._memory = sources, tests, memory
        self._scratch = work / f"worker-{number}"
        shutil.rmtree(self._scratch, ignore_errors=True)
        self._temporary = self._scratch / "tmp"
        self._temporary.mkdir(parents=True, mode=0o1777)
        self._temporary.chmod(0o1777)
        self._object = self._scratch / "mutant.o"
        self._links: dict[str, list[str]] = {}
        self._killers: Counter[tuple[str, str]] = Counter()
        self._controls: dict[tuple[str, str, bool], bool] = {}

    def tests_of(self, mutation: Mutation) -> list[Test]:
        """Those that enter the mutated function; of what is in none, those that enter any function of
        the file, or else those that the file is linked into. Likely killers and fast ones first."""
        path, function = mutation.path, mutation.function
        if function:
            lines = range(function.first_line, function.last_line + 1)
            found = [t for t in self._tests if any((path, line) in t.enters for line in lines)]
        else:
            output = self._sources.build.commands[path]["output"]
            found = [t for t in self._tests if any(p == path for p, _ in t.enters)] or \
                [t for t in self._tests if output in t.members]
        stem = Path(path).stem
        found = [t for t in found if t.seconds <= LONG or t.name.endswith(stem)] or found
        return sorted(found, key=lambda t: (
            -self._killers[path, t.name], not t.name.endswith(stem), t.seconds))

    def verdict(self, mutation: Mutation) -> Verdict:
        tests = self.tests_of(mutation)
        if seen := self._memory.find(mutation, tests):
            return Verdict(mutation, *seen)
        verdict = self._try(mutation, tests)
        self._memory.keep(mutation, verdict.result, verdict.killer, tests)
        return verdict

    def _try(self, mutation: Mutation, tests: list[Test]) -> Verdict:
        path = mutation.path
        text = mutation.apply(self._sources.text(path))
        original = self._sources.original(path, False, self._scratch / "original.o")
        made = self._sources.compile(path, text, False, self._object)
        if made is None:
            return Verdict(mutation, NOT_COMPILED)
        if made == original:
            return Verdict(mutation, EQUIVALENT)
        for test in tests:
            if result := self._kills(test, path):
                self._killers[path, test.name] += 1
                return Verdict(mutation, result, test.name)
        other = self._scratch / "optimised.o"
        if self._sources.compile(path, text, True, other) == \
                self._sources.original(path, True, self._scratch / "original.o"):
            return Verdict(mutation, EQUIVALENT)
        return Verdict(mutation, SURVIVED if tests else UNTESTED)

    def _kills(self, test: Test, path: str) -> str | None:
        fast = test.fast_link
        run = self._run(test, path, fast)
        if run is not None and run.good:
            return None
        if self._passes_without(test, path, fast):
            return TIMEOUT if run is not None and run.timed_out else KILLED
        if not fast:
            return None
        # a linker may wrap more references than another one
        test.fast_link = False
        return self._kills(test, path)

    def _passes_without(self, test: Test, path: str, fast: bool) -> bool:
        """Whether the test passes with the source as it is, linked and run in the same way: otherwise
        its failure says nothing."""
        key = test.name, path, fast
        if key not in self._controls:
            mutant = self._object.read_bytes()
            self._object.write_bytes(self._sources.original(path, False, self._scratch / "original.o"))
            run = self._run(test, path, fast)
            self._object.write_bytes(mutant)
            self._controls[key] = run is not None and run.good
            if not self._controls[key] and not fast:
                print(f"mutate: {test.name} says nothing of {path}: it fails without a mutation",
                      file=sys.stderr)
        return self._controls[key]

    def _run(self, test: Test, path: str, fast: bool) -> sandbox.Run | None:
        """Nothing where the mutant does not link: the build has the reason."""
        command = list(test.command)
        for program in test.programs:
            output = self._scratch / Path(program).name
            if not self._link(program, path, output, fast):
                return None
            whole = str(self._sources.build.folder / program)
            command = [str(output) if word == whole else word for word in command]
        return sandbox.run(
            command, self._temporary, test.deadline, test.processor, test.environment, test.folder,
            test.early,
        )

    def _link(self, program: str, path: str, output: Path, fast: bool) -> bool:
        build = self._sources.build
        if program not in self._links:
            self._links[program] = build.link_words(program)
        words = list(self._links[program])
        words[words.index("-o") + 1] = str(output)
        replaced = build.commands[path]["output"]
        if replaced in words:
            words[words.index(replaced)] = str(self._object)
        else:
            # before the archives, whose member nothing needs then
            at = next(i for i, word in enumerate(words) if word.endswith(".a"))
            words.insert(at, str(self._object))
        words += [f"-fuse-ld={name}" for name in FAST_LINKERS[:fast]]
        done = subprocess.run(words, cwd=build.folder, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, timeout=LINK_SECONDS, check=False)
        return done.returncode == 0
