# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""The testbed's supervisor: builds odplab, boots the guest and watches over it. It runs inside the
root filesystem."""
