# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""Which faults of a NIC tests detect. The part of scripts/prove-suite that runs in the
testbed's guest, with an emulated card that can be made to misbehave."""
