# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""The guest's NVDIMMs: memory that ends with the guest or, if the user named a folder, files there
that the next guest finds as this one left them."""

import fcntl
import os
from pathlib import Path

from .options import Options
from .outcome import Exit, Failure

NVDIMMS = ("ext4", "xfs", "devdax")
FOLDER = Path("/run/nvdimms")  # the user's, as enter-root has mounted it


class Nvdimms:
    def __init__(self, options: Options):
        self._mebibytes = options.pmem
        self.files: list[Path] = []
        if options.nvdimms:
            self._lock()
            self.files = [FOLDER / name for name in NVDIMMS]
            for file in self.files:
                self._make(file)

    def backend(self, name: str) -> str:
        """The object of QEMU that is the memory of one NVDIMM. A device in another process
        can reach it."""
        size = f"size={self._mebibytes}M,share=on"
        if self.files:
            return f"memory-backend-file,id={name},mem-path={FOLDER / name},{size}"
        return f"memory-backend-memfd,id={name},{size}"

    def _lock(self) -> None:
        """Two guests with the same NVDIMMs would ruin them. The lock ends with this process."""
        self._held = os.open(FOLDER, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failure(Exit.TESTBED, "another guest has the NVDIMMs of --nvdimms") from None

    def _make(self, file: Path) -> None:
        size = self._mebibytes << 20
        try:
            with open(file, "a+b") as nvdimm:
                found = nvdimm.seek(0, os.SEEK_END)
                if not found:
                    nvdimm.truncate(size)
        except OSError as error:
            message = f"cannot write to {file.name} in the folder of --nvdimms: {error.strerror}"
            raise Failure(Exit.TESTBED, message) from error
        if found not in (0, size):
            message = f"{file.name} of --nvdimms has {found >> 20} MiB: name its size with --pmem"
            raise Failure(Exit.TESTBED, message)
