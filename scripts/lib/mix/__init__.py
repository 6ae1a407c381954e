# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""The covering array of operations: its factors, how it is made, and how it is written."""
