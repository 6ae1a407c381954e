# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""The guest's IOMMU, between the emulated card and memory. Each is a device of QEMU, which tells the card of every
page that the guest maps and unmaps; and the words that the kernel needs to use it."""

# intel: caching-mode lets QEMU see what is mapped; the driver flushes at once then, as it would with iommu.strict.
# intel-39: with 39 bits of addresses, 512 GiB, a driver can run out of them.
# amd: its driver flushes at once in a virtual machine, too.
KINDS = {
    "intel": ("intel-iommu,intremap=on,caching-mode=on", "intel_iommu=on iommu.strict=1"),
    "intel-39": ("intel-iommu,intremap=on,caching-mode=on,aw-bits=39", "intel_iommu=on iommu.strict=1"),
    "amd": ("amd-iommu,dma-remap=on", ""),
}


def machine_option(has_kvm: bool) -> str:
    """QEMU remaps interrupts itself; KVM must leave them to it."""
    return ",kernel-irqchip=split" if has_kvm else ""


def device_words(kind: str) -> list[str]:
    """Before the devices that are behind it."""
    return ["-device", KINDS[kind][0]]


def kernel_words(kind: str) -> list[str]:
    return KINDS[kind][1].split()
