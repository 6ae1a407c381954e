# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""The places of scripts/guest/places."""

import re
from pathlib import Path

FILE = Path(__file__).resolve().parents[1] / "guest/places"
PLACES = dict(re.findall(r"^(\w+)=(/\S+)$", FILE.read_text(), re.MULTILINE))
OPTIONS = (
    "--dax", PLACES["EXT4_DAX"], "--devdax", PLACES["DEVDAX"], "--directory", PLACES["EXT4"],
)
