# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""Verdicts of earlier runs. One holds for as long as all that it rests on is the same: the source with its
headers, and the program of the test that failed, or of all tests that passed."""

import hashlib
import json
import os
import subprocess
import threading
from pathlib import Path

from .build import Build, Failed, Test, walk
from .mutations import Mutation

FORM = 1  # of the file
SAVED_EACH = 200  # verdicts
# What a test that is a script may read, besides the programs in its command.
DATA = ("tests", "docs", "configs", "scripts")


def digest(*pieces: bytes) -> str:
    whole = hashlib.sha256()
    for piece in pieces:
        whole.update(len(piece).to_bytes(8, "little"))
        whole.update(piece)
    return whole.hexdigest()


class Memory:
    def __init__(self, path: Path, build: Build, anew: bool):
        self._path, self._build = path, build
        self._sources: dict[str, str] = {}
        self._tests: dict[str, str] = {}
        self._data = ""
        self._lock = threading.RLock()
        self._kept: dict[str, dict] = {}
        self._unsaved = 0
        if not anew and path.exists():
            try:
                found = json.loads(path.read_text())
                self._kept = found["verdicts"] if found["form"] == FORM else {}
            except (ValueError, KeyError, TypeError):
                pass  # all is tried anew

    def find(self, mutation: Mutation, tests: list[Test]) -> tuple[str, str] | None:
        """The result and the test that failed, if a run with all this has been seen."""
        with self._lock:
            kept = self._kept.get(self._key(mutation))
            if kept is None:
                return None
            names = {test.name: test for test in tests}
            if kept["killer"]:
                names = {kept["killer"]: names[kept["killer"]]} if kept["killer"] in names else {}
            now = {name: self._of_test(test) for name, test in names.items()}
            return (kept["result"], kept["killer"]) if now == kept["tests"] else None

    def keep(self, mutation: Mutation, result: str, killer: str, tests: list[Test]) -> None:
        """@tests: all that were to be run."""
        with self._lock:
            rests_on = [test for test in tests if not killer or test.name == killer]
            self._kept[self._key(mutation)] = {
                "result": result, "killer": killer,
                "tests": {test.name: self._of_test(test) for test in rests_on},
            }
            self._unsaved += 1
            if self._unsaved >= SAVED_EACH:
                self.save()

    def save(self) -> None:
        with self._lock:
            new = self._path.with_suffix(".new")
            new.write_text(json.dumps({"form": FORM, "verdicts": self._kept}))
            os.replace(new, self._path)
            self._unsaved = 0

    def _key(self, mutation: Mutation) -> str:
        change = f"{mutation.path} {mutation.start} {mutation.end} {mutation.new}"
        return digest(self._of_source(mutation.path).encode(), change.encode())

    def _of_source(self, path: str) -> str:
        """The source as the compiler sees it, with the compiler's version and options."""
        if path not in self._sources:
            words = self._build.compile_words(path, "-")
            words[words.index("-c")] = "-E"
            version = subprocess.run([words[0], "--version"], stdout=subprocess.PIPE, check=True).stdout
            text = (self._build.tree / path).read_bytes()
            done = subprocess.run(words, input=text, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                  cwd=self._build.folder, check=False)
            if done.returncode:
                raise Failed(f"{path} cannot be preprocessed")
            self._sources[path] = digest(version, " ".join(words).encode(), text, done.stdout)
        return self._sources[path]

    def _of_test(self, test: Test) -> str:
        if test.name not in self._tests:
            files = [Path(word) for word in test.command if Path(word).is_absolute() and Path(word).is_file()]
            whole = str(self._build.folder / test.programs[0])
            data = b"" if test.command[0] == whole else self._of_data().encode()
            self._tests[test.name] = digest(
                " ".join(test.command).encode(), json.dumps(test.environment, sort_keys=True).encode(), data,
                *(path.read_bytes() for path in files),
            )
        return self._tests[test.name]

    def _of_data(self) -> str:
        if not self._data:
            files = [path for folder in DATA if (self._build.tree / folder).is_dir()
                     for path in walk(self._build.tree / folder) if path.suffix not in (".c", ".h")]
            self._data = digest(*(path.read_bytes() for path in files if path.is_file()))
        return self._data
