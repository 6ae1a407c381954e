# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""Two builds of a copy of the project: one that records which functions each test enters, and one
whose objects the mutants replace. All that is known about them comes from CMake and ninja."""

import filecmp
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

LEFT_OUT = (".git", "build", "results", "__pycache__", ".cache")
FLAGS = "-O0 -w"
# A member of an archive in the first part of a linker's map.
MEMBER = re.compile(r"^(\S+\.a)\(([^)]+)\)", re.MULTILINE)

STALE = re.compile(r"^\[\d+/\d+\] .* (\S+)$", re.MULTILINE)  # in ninja -n


class Failed(Exception):
    pass


@dataclass
class Test:
    name: str
    command: list[str]
    folder: str | None
    environment: dict[str, str]
    programs: list[str]  # of the build, as ninja names them, in the command
    seconds: float = 0
    deadline: float = 0
    processor: float = 0
    fast_link: bool = True  # until it fails so without a mutation
    early: bool = True  # whether its first line about a failure is its end
    enters: set[tuple[str, int]] = field(default_factory=set)  # path, a function's first line
    members: set[str] = field(default_factory=set)  # objects that its programs are linked from


def update_copy(project: Path, copy: Path) -> None:
    """Brings the copy up to date. A file that has changed is new: its own time may be older than the
    object that was made of the last copy."""
    wanted = set()
    for path in walk(project):
        name = path.relative_to(project)
        wanted.add(name)
        target = copy / name
        if not target.exists() or not filecmp.cmp(path, target, shallow=False):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    for path in list(walk(copy)) if copy.exists() else []:
        if path.relative_to(copy) not in wanted:
            path.unlink()


def walk(folder: Path):
    for path in sorted(folder.iterdir()):
        if path.name in LEFT_OUT:
            continue
        if path.is_dir() and not path.is_symlink():
            yield from walk(path)
        else:
            yield path


class Build:
    def __init__(self, tree: Path, folder: Path, flags: str = "", link: str = ""):
        self.tree, self.folder = tree, folder
        self._flags, self._link = flags, link
        self._stale: set[str] = set()
        self.commands: dict[str, dict] = {}  # source, from the top of the project: its object, command

    def make(self, jobs: int) -> None:
        if not (self.folder / "build.ninja").exists():
            run("cmake", "-G", "Ninja", "-S", self.tree, "-B", self.folder,
                "-DCMAKE_BUILD_TYPE=Mutate", f"-DCMAKE_C_FLAGS={FLAGS} {self._flags}",
                f"-DCMAKE_EXE_LINKER_FLAGS={self._link}", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON",
                "-DODPLAB_TESTS=ON", "-DODPLAB_WERROR=OFF")
        self._stale = self._ninja(jobs)
        for entry in json.loads((self.folder / "compile_commands.json").read_text()):
            path = Path(entry["file"])
            if path.is_relative_to(self.tree):
                words = shlex.split(entry["command"])
                entry["output"] = words[words.index("-o") + 1]
                self.commands.setdefault(str(path.relative_to(self.tree)), entry)

    def _ninja(self, jobs: int) -> set[str]:
        """Builds what can be built. Returns what cannot: a test of which a header is missing on this
        host is none of the reasons to give up."""
        words = ("ninja", "-C", self.folder, "-k0", f"-j{jobs}")
        done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace", check=False)
        if not done.returncode:
            return set()
        left = set(STALE.findall(run("ninja", "-C", self.folder, "-n")))
        if any(name.endswith(".a") for name in left) or not left:
            sys.stderr.write(done.stdout[-4000:])
            raise Failed("ninja failed, see above")
        return left

    def tests(self) -> list[Test]:
        """Those that run a program of the build."""
        text = run("ctest", "--test-dir", self.folder, "--show-only=json-v1")
        found = []
        for entry in json.loads(text)["tests"]:
            command = entry.get("command", [])
            programs = [str(Path(word).relative_to(self.folder)) for word in command if self._built(word)]
            properties = {p["name"]: p["value"] for p in entry.get("properties", [])}
            if self._stale.intersection(programs):
                print(f"mutate: {entry['name']} is left out: it does not build here", file=sys.stderr)
            elif programs:
                environment = dict(word.split("=", 1) for word in properties.get("ENVIRONMENT", []))
                found.append(Test(entry["name"], command, properties.get("WORKING_DIRECTORY"),
                                  environment, programs))
        return found

    def _built(self, word: str) -> bool:
        path = Path(word)
        # a test may be given archives, too
        return path.is_relative_to(self.folder) and path.is_file() and os.access(path, os.X_OK)

    def compile_words(self, source: str, output: str) -> list[str]:
        """Compiles standard input in place of the source."""
        entry = self.commands[source]
        words = shlex.split(entry["command"])
        words = words[words.index(next(w for w in words if not w.endswith("ccache"))):]
        words[words.index("-o") + 1] = output
        del words[words.index("-c"):]
        return [*words, "-c", "-x", "c", "-"]

    def link_words(self, program: str) -> list[str]:
        """The command that links it, run in the folder of the build."""
        text = run("ninja", "-C", self.folder, "-t", "commands", "-s", program)
        command = text.strip().splitlines()[-1]
        return shlex.split(command.removeprefix(": && ").removesuffix(" && :"))

    def members(self, program: str, archives: dict[str, dict[str, list[str]]]) -> set[str]:
        """The objects that a program is linked from, by the linker's map and command."""
        found = {word for word in self.link_words(program) if word.endswith(".o")}
        text = (self.folder / f"{program}.map").read_text(errors="replace")
        for archive, member in MEMBER.findall(text.split("\nMemory Configuration")[0]):
            if archive not in archives:
                archives[archive] = self._objects(archive)
            found.update(archives[archive].get(member, []))
        return found

    def _objects(self, archive: str) -> dict[str, list[str]]:
        if Path(archive).is_absolute():
            return {}
        text = run("ninja", "-C", self.folder, "-t", "query", archive)
        objects: dict[str, list[str]] = {}
        for word in text.split():
            if word.endswith(".o"):
                objects.setdefault(Path(word).name, []).append(word)
        return objects


def run(*words, **keywords) -> str:
    done = subprocess.run(
        [str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        errors="replace", check=False, **keywords,
    )
    if done.returncode:
        sys.stderr.write(done.stdout[-4000:])
        raise Failed(f"{words[0]} failed, see above")
    return done.stdout


def recording(tree: Path, folder: Path) -> Build:
    folder.mkdir(parents=True, exist_ok=True)
    recorder = folder / "recorder.o"
    source = Path(__file__).parent / "recorder.c"
    if not recorder.exists() or recorder.stat().st_mtime < source.stat().st_mtime:
        run("cc", "-O2", "-fno-pie", "-c", source, "-o", recorder)
    return Build(tree, folder, "-g1 -fno-pie -finstrument-functions",
                 f"-no-pie {recorder} -Wl,-Map=%.map")
