# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""The windows that the kernel of this guest has: places of odp_delay(1), from windows.ini."""

import configparser
import re
import subprocess
from pathlib import Path

SECONDS = 600
# What compilers append to the name of a function that they have changed.
CHANGED = re.compile(r"(\.(isra|constprop|part)\.\d+)+$")


def functions() -> dict[str, list[str]]:
    """The names that this kernel has for each function."""
    names: dict[str, list[str]] = {}
    for line in Path("/proc/kallsyms").read_text().splitlines():
        name = line.split()[2]
        names.setdefault(CHANGED.sub("", name), []).append(name)
    return names


def windows() -> dict[str, list[str]]:
    """The addresses of each. Two names of one place are one window."""
    table = configparser.ConfigParser(interpolation=None)
    table.read(Path(__file__).with_name("windows.ini"))
    opens = {name for names in table["opens"].values() for name in names.split()}
    known = functions()
    inside = [
        name
        for section in table.sections() if section != "opens"
        for function in table[section]["functions"].split()
        for name in dict.fromkeys(known.get(function, []))
    ]
    listed = subprocess.run(
        ["odp_delay", "--calls", *inside], check=True, stdout=subprocess.PIPE, text=True, timeout=SECONDS
    ).stdout
    found: dict[str, list[str]] = {}
    for line in listed.splitlines():
        place, *addresses = line.replace(": ", " ").split()
        callee = CHANGED.sub("", place.partition("+call=")[2])
        if (not callee or callee in opens) and addresses not in found.values():
            found[place] = addresses
    return found
