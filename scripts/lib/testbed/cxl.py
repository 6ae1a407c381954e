# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""CXL memory of the guest: a host bridge with a root port for each device, of which one is volatile and two are
persistent. scripts/guest/cxl tells them by their serial numbers."""

MIB = 512  # each; regions are multiples of 256
LABELS_MIB = 1
WINDOW = "4G"  # of host addresses, in which the guest makes its regions
BRIDGE = "cxl.0"
# In the order of their serial numbers, which begin with 1.
DEVICES = {"volatile": "volatile-memdev", "ext4": "persistent-memdev", "xfs": "persistent-memdev"}


def machine_option() -> str:
    return f",cxl=on,cxl-fmw.0.targets.0={BRIDGE},cxl-fmw.0.size={WINDOW}"


def processor_option() -> str:
    """The kernel makes no region in a virtual machine, as it may not flush the caches of all processors there
    (cpu_cache_has_invalidate_memregion(), arch/x86/mm/pat/set_memory.c): it must not know."""
    return ",-hypervisor"


def device_words() -> list[str]:
    """Last on the command line: later devices without a bus would be put on the bridge's."""
    words = ["-device", f"pxb-cxl,bus_nr=12,bus=pcie.0,id={BRIDGE}"]
    for serial, (name, kind) in enumerate(DEVICES.items(), 1):
        words += _memory(f"cxl-{name}", MIB)
        labels = ""
        if kind == "persistent-memdev":
            words += _memory(f"cxl-{name}-labels", LABELS_MIB)
            labels = f",lsa=cxl-{name}-labels"
        port = f"cxl-port{serial}"
        words += ["-device", f"cxl-rp,bus={BRIDGE},id={port},port={serial},chassis=0,slot={serial + 1}"]
        words += ["-device", f"cxl-type3,bus={port},id={name}-cxl,{kind}=cxl-{name}{labels},sn={serial:#x}"]
    return words


def _memory(name: str, mebibytes: int) -> list[str]:
    """Which a device in another process can reach."""
    return ["-object", f"memory-backend-memfd,id={name},size={mebibytes}M,share=on"]
