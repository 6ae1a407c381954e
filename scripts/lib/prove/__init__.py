# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""Which misbehaviour of a NIC do tests notice? The part of scripts/prove-suite that runs in the
testbed's guest, beside an emulated card that can be told to misbehave."""
