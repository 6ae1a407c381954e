# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""The virtual machine as a command line of QEMU."""

import os
import re
from pathlib import Path

from .options import Options

CACHE = Path("/cache")
NVDIMMS = ("ext4", "xfs", "devdax")
SWAP_MIB = 1024

# What the guest says to the supervisor goes through one port each, never through the console.
PORTS = ("control", "stdout", "stderr")


def has_kvm() -> bool:
    """A /dev/kvm alone does not boot a stock kernel where the processor has no virtualisation to offer."""
    flags = re.search(r"^flags\s*:.*\b(vmx|svm)\b", Path("/proc/cpuinfo").read_text("ascii", "replace"), re.M)
    return bool(flags) and os.access("/dev/kvm", os.R_OK | os.W_OK)


def memory_words(options: Options) -> list[str]:
    """Memory in memfds that QEMU shares, so that an emulated device in another process can reach it."""
    total = options.memory + len(NVDIMMS) * options.pmem
    words = ["-m", f"size={options.memory}M,slots={len(NVDIMMS)},maxmem={total}M"]
    nodes = 2 if options.numa else 1
    for node in range(nodes):
        words += ["-object", f"memory-backend-memfd,id=ram{node},size={options.memory // nodes}M,share=on"]
    if options.numa:
        half = options.cpus // 2
        words += ["-numa", f"node,nodeid=0,cpus=0-{half - 1},memdev=ram0"]
        words += ["-numa", f"node,nodeid=1,cpus={half}-{options.cpus - 1},memdev=ram1"]
    for index, name in enumerate(NVDIMMS):
        words += ["-object", f"memory-backend-memfd,id={name},size={options.pmem}M,share=on"]
        words += ["-device", f"nvdimm,memdev={name}" + (f",node={index % nodes}" if options.numa else "")]
    return words


def disk_words(kernel: Path, swap: int) -> list[str]:
    """The disks, in the order in which the guest names them: vda its root, vdb its modules, vdc for swap."""
    words = []
    for name, path, mode in (
        ("root", CACHE / "root.img", "on"),
        ("modules", kernel / "modules.img", "on"),
        ("swap", f"/proc/self/fd/{swap}", "off"),
    ):
        file = f"driver=file,filename={path},locking=off"
        words += ["-blockdev", f"driver=raw,node-name={name},read-only={mode},file.{file.replace(',', ',file.')}"]
        words += ["-device", f"virtio-blk-pci,drive={name}"]
    return words


def share_words(tag: str, path: Path, writable: bool = False) -> list[str]:
    mode = "" if writable else ",readonly=on"
    return [
        "-fsdev", f"local,id={tag},path={path},security_model=none,multidevs=remap{mode}",
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


def kernel_arguments(options: Options) -> str:
    words = [
        "console=ttyS0", "panic=-1", "cryptomgr.notests", "hugepagesz=2M", "hugepages=16",
        f"odplab.nic={options.nic}", f"odplab.numa={int(options.numa)}", options.append,
    ]
    return " ".join(words).strip()


def machine(options: Options, sockets: dict[str, int], swap: int, results: Path, console: Path) -> list[str]:
    kernel = CACHE / "kernels" / options.kernel
    accelerator = ["-accel", "kvm", "-cpu", "host"] if has_kvm() else ["-accel", "tcg,thread=multi", "-cpu", "max"]
    words = ["qemu-system-x86_64", "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"]
    words += ["-machine", "q35,nvdimm=on" + ("" if options.numa else ",memory-backend=ram0")]
    words += accelerator + ["-smp", str(options.cpus)]
    words += memory_words(options)
    words += ["-kernel", str(kernel / "vmlinux"), "-initrd", str(kernel / "initrd")]
    words += ["-append", kernel_arguments(options)]
    words += ["-chardev", f"file,id=console,path={console}", "-serial", "chardev:console"]
    words += disk_words(kernel, swap)
    words += port_words(sockets)
    words += share_words("project", Path("/odplab")) + share_words("builds", Path("/builds"))
    words += share_words("results", results, writable=True)
    return words
