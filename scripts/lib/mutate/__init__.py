# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""The part of scripts/mutate that runs where the compiler is."""
