// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* fuzz.c - one libFuzzer target a door; FUZZ_DOOR names it */
#include "doors.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	return FUZZ_DOOR(data, len);
}
