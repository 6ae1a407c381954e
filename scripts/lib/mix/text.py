# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""How a row is written: its id, its title, what it needs, and the file rows.def."""

import textwrap

from .factors import ATOMICS, FACTORS, LEVELS, SENDS, Row, refused

HEAD = """\
/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * rows.def - the covering array of operations, made by scripts/lib/mix-rows; do not edit
 *
 * The factors, their levels and what excludes what are in scripts/lib/mix/factors.py.
 */
/* clang-format off */
"""
OPERATIONS = {"write": "WRITE", "write-imm": "WRITE with immediate", "read": "READ", "send": "SEND",
              "send-imm": "SEND with immediate", "send-inv": "SEND with invalidate", "add": "FETCH_ADD",
              "swap": "COMPARE_SWAP"}
SIZES = {"8b": "8 bytes", "1000b": "1000 bytes", "4k": "4 KiB", "68k": "68 KiB", "1m": "1 MiB"}
PLACES = {"page": "at a page", "mid": "at the middle of a page", "edge": "at the last 8 bytes of a page",
          "odd": "at an odd address"}
STATES = {"cold": "cold", "warm": "warm", "touched": "CPU-touched", "evicted": "evicted",
          "prefetched": "prefetched", "shared": "fork-shared", "last-cold": "last-page-cold"}
MEMORY = {"private": "private memory", "dax": "DAX files", "implicit": "implicit regions"}
NEIGHBOURS = {"alone": "", "write": "a WRITE", "read": "a READ", "atomic": "an atomic", "send": "a SEND"}
QUEUE_PAIRS = {"fresh": "a fresh queue pair", "used": "a used queue pair", "reset": "a reset queue pair"}
# The ODP operations of the device that each operation needs at the initiator and at the responder.
RIGHTS = {"write": "RC_WRITE", "write-imm": "RC_WRITE", "read": "RC_READ", "add": "RC_ATOMIC", "swap": "RC_ATOMIC",
          "send": "RC_SEND", "send-imm": "RC_SEND", "send-inv": "RC_SEND", "atomic": "RC_ATOMIC"}


def name(row: Row) -> str:
    """MIX-01.4k-mid-write-alone: operation, size, alignment, and what is before and after it."""
    number = LEVELS["operation"].index(row["operation"]) + 1
    word = "-".join(row[factor] for factor in ("size", "alignment", "before", "after"))
    refused = "" if row["permission"] == "writable" else f"-{row['permission']}"
    return f"MIX-{number:02}.{word}{refused}"


def end(row: Row, side: str) -> str:
    pieces = row[f"{side} pieces"]
    return STATES[row[side]] + (f" ({pieces} pieces)" if pieces != "1" else "")


def around(row: Row) -> str:
    before, after = NEIGHBOURS[row["before"]], NEIGHBOURS[row["after"]]
    if before and after:
        return f", between {before} and {after}"
    return f", after {before}" if before else f", before {after}" if after else ""


def ends(row: Row) -> str:
    near, far = end(row, "near"), end(row, "far")
    if row["operation"] in ATOMICS:
        return f"on {far}, its result in {near}"
    return f"from {far} to {near}" if row["operation"] == "read" else f"from {near} to {far}"


def outcome(row: Row) -> str:
    if refused(row):
        return f"is refused by a read-only {row['permission']}"
    return "is exact" + {"none": "", "backwards": ", and pages replaced after it are new, read backwards",
                         "middle": ", and pages replaced after it are new, read from the middle"}[row["look"]]


def title(row: Row) -> str:
    size = "" if row["operation"] in ATOMICS else f" of {SIZES[row['size']]}"
    region = "read-only " if row["permission"] == "region" and not refused(row) else ""
    return (f"{OPERATIONS[row['operation']]}{size} {PLACES[row['alignment']]}, {ends(row)} {region}"
            f"{MEMORY[row['memory']]}{around(row)} on {QUEUE_PAIRS[row['queue pair']]}, {outcome(row)}")


def needs(row: Row) -> list[str]:
    """Where the CPU copies the data, what it has touched does not fault, and nothing is refused.

    Operations of libfabric may complete in any order.
    """
    wanted = {"private": [], "dax": ["FSDAX"], "implicit": ["IMPLICIT"]}[row["memory"]]
    kinds = {row["operation"], row["before"], row["after"]} - {"alone"}
    wanted += sorted({RIGHTS[kind] for kind in kinds} | {"RC_WRITE", "RC_READ"})
    if row["operation"] in SENDS:
        wanted.append("RC_RECV")
    if row["operation"] == "send-inv":
        wanted.append("WINDOW_2")
    if row["operation"] == "write-imm" or row["queue pair"] == "reset" or around(row):
        wanted.append("VERBS")
    if "prefetched" in (row["near"], row["far"]):
        wanted.append("PREFETCH")
    if {"2", "3"} & {row["near pieces"], row["far pieces"]}:
        wanted.append("PIECES")
    if ({"touched", "prefetched", "shared"} & {row["near"], row["far"]} or row["permission"] != "writable"
            or row["look"] != "none"):
        wanted.append("DEVICE")
    return wanted


def entry(row: Row) -> str:
    members = [f"{factor.member}={factor.levels[row[factor.name]]}" for factor in FACTORS if factor.member]
    lines = [f'ROW("{name(row)}",', f'    "{title(row)}",', f"    NEEDS({', '.join(needs(row))}),"]
    lines += textwrap.wrap(", ".join(members) + ")", 92, initial_indent="    ", subsequent_indent="    ")
    return "\n".join(lines).replace("=", " = ") + "\n"


def document(rows: list[Row]) -> str:
    return HEAD + "".join(entry(row) for row in sorted(rows, key=name))
