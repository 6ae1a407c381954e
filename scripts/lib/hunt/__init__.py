# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""The part of scripts/race-hunt that runs in the guest."""
