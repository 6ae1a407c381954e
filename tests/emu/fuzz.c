// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* fuzz.c - one libFuzzer target for each entry; FUZZ_ENTRY names it */
#include "fuzz_entry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	return FUZZ_ENTRY(data, len);
}
