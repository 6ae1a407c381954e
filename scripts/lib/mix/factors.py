# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""The factors of an operation, their levels, and what excludes what: the only place for all three."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Factor:
    """A member of struct mix (apps/scenarios/mix/mix.h). Levels: the word of ids, and the C of the member.

    One without a member follows from others; its pairs are covered likewise.
    """

    name: str
    member: str
    levels: dict[str, str]


FACTORS = (
    Factor("operation", ".opcode", {
        "write": "RDMA_WRITE", "write-imm": "RDMA_WRITE_IMMEDIATE", "read": "RDMA_READ", "send": "RDMA_SEND",
        "send-imm": "RDMA_SEND_IMMEDIATE", "send-inv": "RDMA_SEND_INVALIDATE", "add": "RDMA_FETCH_ADD",
        "swap": "RDMA_COMPARE_SWAP"}),
    Factor("size", ".len", {"8b": "8", "1000b": "1000", "4k": "KiB(4)", "68k": "KiB(68)", "1m": "MiB(1)"}),
    Factor("alignment", ".at", {"page": "0", "mid": "2048", "edge": "4088", "odd": "1001"}),
    Factor("before", ".before", {"alone": "ALONE", "write": "A_WRITE", "read": "A_READ", "atomic": "AN_ATOMIC",
                                 "send": "A_SEND"}),
    Factor("after", ".after", {"alone": "ALONE", "write": "A_WRITE", "read": "A_READ", "atomic": "AN_ATOMIC",
                               "send": "A_SEND"}),
    Factor("near", ".near.state", {"cold": "COLD", "warm": "WARM", "touched": "TOUCHED", "evicted": "EVICTED",
                                   "prefetched": "PREFETCHED", "last-cold": "LAST_COLD"}),
    Factor("near pieces", ".near.pieces", {"1": "1", "2": "2", "3": "3"}),
    Factor("far", ".far.state", {"cold": "COLD", "warm": "WARM", "touched": "TOUCHED", "evicted": "EVICTED",
                                 "prefetched": "PREFETCHED", "shared": "SHARED", "last-cold": "LAST_COLD"}),
    Factor("far pieces", ".far.pieces", {"1": "1", "2": "2", "3": "3"}),
    Factor("permission", ".permission", {"writable": "WRITABLE", "region": "REGION_READ_ONLY_HERE",
                                         "mapping": "MAPPING_READ_ONLY"}),
    Factor("memory", ".kind", {"private": "PRIVATE", "dax": "DAX_FILE", "implicit": "IMPLICIT"}),
    Factor("queue pair", ".age", {"fresh": "FRESH", "used": "USED", "reset": "RESET"}),
    Factor("look", ".look", {"none": "NO_LOOK", "backwards": "BACKWARDS", "middle": "FROM_THE_MIDDLE"}),
    Factor("faults", "", {"neither": "", "near": "", "far": "", "both": ""}),
)
LEVELS = {factor.name: tuple(factor.levels) for factor in FACTORS}

# Where the CPU copies the data (libfabric over tcp), rows of these levels can run. Their pairs are covered there.
PLAIN = {**LEVELS, "operation": ("write", "read", "send"), "before": ("alone",), "after": ("alone",),
         "near": ("cold", "warm", "evicted", "last-cold"), "far": ("cold", "warm", "evicted", "last-cold"),
         "permission": ("writable",), "memory": ("private", "dax"), "queue pair": ("fresh", "used"),
         "look": ("none",)}

Row = dict[str, str]  # level by factor
Levels = dict[str, tuple[str, ...]]  # of each factor


@dataclass(frozen=True)
class Exclusion:
    """A row has not all of these: its level of each factor named is among those of the factor."""

    reason: str
    levels: dict[str, tuple[str, ...]]


ATOMICS = ("add", "swap")
SENDS = ("send", "send-imm", "send-inv")
NOT_SENDS = tuple(level for level in LEVELS["operation"] if level not in SENDS)
ZEROS = ("cold", "evicted", "prefetched", "last-cold")


def but(factor: str, *levels: str) -> tuple[str, ...]:
    return tuple(level for level in LEVELS[factor] if level not in levels)


EXCLUSIONS = (
    Exclusion("an atomic has 8 bytes",
              {"operation": ATOMICS, "size": but("size", "8b")}),
    Exclusion("an atomic goes to an address that is a multiple of eight; ERR-08 has the others",
              {"operation": ATOMICS, "alignment": ("odd",)}),
    Exclusion("the result of an atomic is one piece",
              {"operation": ATOMICS, "near pieces": ("2", "3")}),
    Exclusion("remote memory is one range of one region; only a receive has pieces",
              {"operation": NOT_SENDS, "far pieces": ("2", "3")}),
    Exclusion("private memory that the device has not written yet reads as zeros, at both ends: a message that is "
              "lost would not show",
              {"memory": ("private", "implicit"), "near": ZEROS, "far": ZEROS}),
    Exclusion("the device writes nothing to a region for reading, so that private memory reads as zeros here, too",
              {"memory": ("private", "implicit"), "near": ZEROS, "far": ("warm", "shared"),
               "permission": ("region",)}),
    Exclusion("a range within a page has no last page that others precede",
              {"near": ("last-cold",), "size": ("8b", "1000b")}),
    Exclusion("a range within a page has no last page that others precede",
              {"far": ("last-cold",), "size": ("8b", "1000b")}),
    Exclusion("a page has no last page that others precede",
              {"near": ("last-cold",), "size": ("4k",), "alignment": ("page",)}),
    Exclusion("a page has no last page that others precede",
              {"far": ("last-cold",), "size": ("4k",), "alignment": ("page",)}),
    Exclusion("soft-RoCE prefetches no region that is for reading only; PF-09 has that",
              {"permission": ("region",), "far": ("prefetched",)}),
    Exclusion("drivers differ in whether a READ of a read-only mapping is refused; ERR-01.read-only-read has that",
              {"permission": ("mapping",), "operation": ("read",)}),
    Exclusion("mprotect() takes all pages from the device, whatever state they were in before",
              {"permission": ("mapping",), "far": ("evicted", "shared", "last-cold")}),
    Exclusion("what is refused leaves no new data to look at",
              {"permission": ("region", "mapping"), "look": ("backwards", "middle")}),
)


def excludes(exclusion: Exclusion, row: Row) -> bool:
    """Whether a row, which may be incomplete, has all that the exclusion names."""
    return all(row.get(factor) in levels for factor, levels in exclusion.levels.items())


FOLLOWED = ("operation", "near", "far", "memory", "faults")  # the last one follows from the others


def faulting(row: Row) -> str:
    """The ends that have a page which the device must fault in: the level of the factor "faults"."""
    gets = row["operation"] in ("read", *ATOMICS)
    near = row["near"] not in ("warm", *(() if gets else ("prefetched",)))
    far = row["far"] not in ("warm", *(("prefetched",) if row["operation"] == "read" else ()),
                             *(("shared",) if row["memory"] == "dax" else ()))
    return {(False, False): "neither", (True, False): "near", (False, True): "far", (True, True): "both"}[near, far]


def allowed(row: Row) -> bool:
    """Whether a row, which may be incomplete, can be one of the array."""
    if row.keys() >= set(FOLLOWED) and row["faults"] != faulting(row):
        return False
    return not any(excludes(exclusion, row) for exclusion in EXCLUSIONS)


def refused(row: Row) -> bool:
    """Whether the responder refuses the operation: then no data moves, and nothing is seen of what else the row has."""
    return row["permission"] != "writable" and row["operation"] != "read"
