# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""The virtual machine as a command line of QEMU."""

import os
import re
from pathlib import Path

from . import cxl, iommu
from .nvdimms import NVDIMMS, Nvdimms
from .options import Options

CACHE = Path("/cache")
# The user's folders, as enter-root has mounted them.
SHARE, DRIVER = Path("/run/share"), Path("/run/driver")
# Disks that are new at each boot, in the order in which the guest sees them: /dev/vdc, /dev/vdd.
DISKS_MIB = {"swap": 1024, "files": 512}

# Memory that the processor and a device share (MEMORY_DEVICE_COHERENT), for two devices of the kernel's test driver:
# DEVMEM_CHUNK_SIZE of lib/test_hmm.c each, at these addresses. Above the kernel, below the initrd.
DEVICE_MIB = 256
DEVICES = {"spm_addr_dev0": 0x10000000, "spm_addr_dev1": 0x20000000}

# Each stream of the guest has a port of its own; none goes through the console.
PORTS = ("control", "stdout", "stderr", "card")


def has_kvm(options: Options) -> bool:
    """Only processors that QEMU emulates can pause. A /dev/kvm alone boots no stock kernel where the processor
    offers no virtualisation."""
    cpuinfo = Path("/proc/cpuinfo").read_text("ascii", "replace")
    able = re.search(r"^flags\s*:.*\b(vmx|svm)\b", cpuinfo, re.MULTILINE)
    return not options.hold and bool(able) and os.access("/dev/kvm", os.R_OK | os.W_OK)


def memory_words(options: Options, nvdimms: Nvdimms) -> list[str]:
    """Memory is in memfds that QEMU shares, so that a device in another process can reach it."""
    memory = options.memory + (len(DEVICES) * DEVICE_MIB if options.hmm else 0)
    most = memory + len(NVDIMMS) * options.pmem
    words = ["-m", f"size={memory}M,slots={len(NVDIMMS)},maxmem={most}M"]
    nodes = 2 if options.numa else 1
    for node in range(nodes):
        size = memory // nodes
        words += ["-object", f"memory-backend-memfd,id=ram{node},size={size}M,share=on"]
    if options.numa:
        half = options.cpus // 2
        words += ["-numa", f"node,nodeid=0,cpus=0-{half - 1},memdev=ram0"]
        words += ["-numa", f"node,nodeid=1,cpus={half}-{options.cpus - 1},memdev=ram1"]
    for name in NVDIMMS:
        words += ["-object", nvdimms.backend(name)]
        words += ["-device", f"nvdimm,memdev={name}"]
    return words


def disk_words(name: str, path: Path | str, writable: bool = False) -> list[str]:
    """Disks get their names, vda and on, in the order in which they come."""
    mode = "off" if writable else "on"
    file = f"file.driver=file,file.filename={path},file.locking=off"
    return [
        "-blockdev", f"driver=raw,node-name={name},read-only={mode},{file}",
        "-device", f"virtio-blk-pci,drive={name}",
    ]


def share_words(tag: str, path: Path, writable: bool = False) -> list[str]:
    mode = "off" if writable else "on"
    return [
        "-fsdev", f"local,id={tag},path={path},security_model=none,multidevs=remap,readonly={mode}",
        "-device", f"virtio-9p-pci,fsdev={tag},mount_tag={tag}",
    ]


def port_words(sockets: dict[str, int]) -> list[str]:
    words = ["-device", "virtio-serial-pci"]
    for name in PORTS:
        words += ["-chardev", f"socket,id={name},fd={sockets[name]}"]
        words += ["-device", f"virtserialport,chardev={name},name=odplab.{name}"]
    return words


def terminal_words() -> list[str]:
    """The user's terminal as the guest's hvc0; keys such as Ctrl-C go to the guest."""
    return ["-chardev", "stdio,id=terminal,signal=off", "-device", "virtconsole,chardev=terminal"]


def hmm_arguments() -> list[str]:
    """Memory that the kernel leaves to the devices of the test driver."""
    size, first = len(DEVICES) * DEVICE_MIB, min(DEVICES.values())
    words = [f"odplab.hmm=1 memmap={size}M${first:#x}"]
    return words + [f"test_hmm.{name}={address:#x}" for name, address in DEVICES.items()]


def kernel_arguments(options: Options) -> str:
    # The self-tests of the kernel's cryptography take an emulated processor half a second.
    words = ["console=ttyS0", "panic=-1", "cryptomgr.notests", "hugepagesz=2M", "hugepages=16"]
    # All emulated processors count the host's cycles. The kernel distrusts those of two sockets
    # (arch/x86/kernel/tsc.c unsynchronized_tsc()), and would ask the slow HPET for the time.
    if not has_kvm(options):
        words.append("tsc=reliable")
    words += [f"odplab.nic={options.nic}", f"odplab.driver={options.modules:d}"]
    words += hmm_arguments() if options.hmm else []
    words += ["odplab.cxl=1"] if options.cxl else []
    words += iommu.kernel_words(options.iommu) if options.iommu else []
    words.append(options.append)
    return " ".join(words).strip()


def machine_words(
    options: Options, sockets: dict[str, int], disks: dict[str, int], nvdimms: Nvdimms,
    card: list[str], results: Path, console: Path
) -> list[str]:
    kernel = CACHE / "kernels" / options.kernel
    words = ["qemu-system-x86_64", "-nodefaults", "-no-user-config", "-display", "none"]
    # A guest that resets itself has panicked (panic=-1): let QEMU end then.
    # Processors of one socket belong to one node; the kernel warns of any other layout.
    words += ["-no-reboot", "-smp", f"{options.cpus},sockets={options.cpus if options.numa else 1}"]
    machine = "q35,nvdimm=on" + ("" if options.numa else ",memory-backend=ram0")
    machine += cxl.machine_option() if options.cxl else ""
    machine += iommu.machine_option(has_kvm(options)) if options.iommu else ""
    words += ["-machine", machine]
    accelerator, processor = ("kvm", "host") if has_kvm(options) else ("tcg,thread=multi", "max")
    words += ["-accel", accelerator]
    words += ["-cpu", processor + (cxl.processor_option() if options.cxl else "")]
    words += iommu.device_words(options.iommu) if options.iommu else []
    words += memory_words(options, nvdimms)
    words += ["-kernel", str(kernel / "vmlinux"), "-initrd", str(kernel / "initrd")]
    words += ["-append", kernel_arguments(options)]
    words += ["-chardev", f"file,id=console,path={console}", "-serial", "chardev:console"]
    words += disk_words("root", CACHE / "root.img")
    words += disk_words("modules", kernel / "modules.img")
    for name, fd in disks.items():
        words += disk_words(name, f"/proc/self/fd/{fd}", writable=True)
    words += card
    words += port_words(sockets)
    words += share_words("project", Path("/odplab"))
    words += share_words("builds", Path("/builds"))
    words += share_words("results", results, writable=True)
    if options.share:
        words += share_words("share", SHARE)
    if options.modules:
        words += share_words("driver", DRIVER)
    return words + (cxl.device_words() if options.cxl else [])
