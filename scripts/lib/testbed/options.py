# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""What scripts/testbed was asked for; it has checked every value already."""

import os
from dataclasses import dataclass


def mebibytes(size: str) -> int:
    return int(size[:-1]) * {"M": 1, "G": 1024}[size[-1]]


@dataclass(frozen=True)
class Options:
    nic: str
    kernel: str
    memory: int
    pmem: int
    cpus: int
    append: str
    driver: bool
    hmm: bool
    cxl: bool
    hold: bool  # the processors can pause: hold.py
    iommu: str  # of the kinds of iommu.py, or ""
    timeout: int
    boot: int
    hang: int
    inject: str
    behave: str
    trace: bool
    nvdimms: bool
    share: bool
    numa: bool
    verbose: bool
    # There is nothing to build: the programs are those that were installed with the testbed.
    installed: bool
    # The folders of results and of console logs, as the user knows them on the host.
    results: str
    consoles: str
    started: float

    @property
    def modules(self) -> bool:
        """Whether the guest gets modules besides those of its kernel."""
        return self.driver or self.hmm

    @classmethod
    def from_environment(cls) -> "Options":
        def value(name: str) -> str:
            return os.environ["TESTBED_" + name]

        return cls(
            nic=value("NIC"),
            kernel=value("KERNEL"),
            memory=mebibytes(value("MEMORY")),
            pmem=mebibytes(value("PMEM")),
            cpus=int(value("CPUS")),
            append=value("APPEND"),
            driver=value("DRIVER") != "",
            hmm=value("HMM") != "",
            cxl=value("CXL") != "",
            hold=value("HOLD") + value("DELAY") != "",
            iommu=value("IOMMU"),
            timeout=int(value("TIMEOUT")),
            boot=int(value("BOOT")),
            hang=int(value("HANG")),
            inject=value("INJECT"),
            behave=value("BEHAVE"),
            trace=value("TRACE") != "",
            nvdimms=value("NVDIMMS") != "",
            share=value("SHARE") != "",
            numa=value("NUMA") != "",
            verbose=value("VERBOSE") != "",
            installed=value("PROGRAMS") != "",
            results=value("RESULTS"),
            consoles=value("CONSOLES"),
            started=float(value("STARTED")),
        )
