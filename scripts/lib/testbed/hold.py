# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""Processors that pause before chosen instructions of the guest's kernel: a plugin of QEMU (plugin/delay.c), with
which the guest talks over a port of its own. The socket between them is QEMU's at both ends."""

import socket

PLUGIN = "/builds/release/lib/odplab_delay.so"
PORT = "odplab.delay"


def make_socket() -> tuple[socket.socket, socket.socket]:
    """The port's end and the plugin's, for QEMU to inherit."""
    return socket.socketpair()


def words(ends: list[socket.socket]) -> list[str]:
    port, plugin = (end.fileno() for end in ends)
    return [
        "-plugin", f"{PLUGIN},fd={plugin}",
        "-chardev", f"socket,id=delay,fd={port}",
        "-device", f"virtserialport,chardev=delay,name={PORT}",
    ]
