// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* verdict.c - how a scenario ended */
#include "testcase/verdict.h"

#include <errno.h>

const char *verdict_name(enum verdict verdict)
{
	static const char *const names[] = {
		[VERDICT_PASS] = "PASS",   [VERDICT_FAIL] = "FAIL",
		[VERDICT_SKIP] = "SKIP",   [VERDICT_XFAIL] = "XFAIL",
		[VERDICT_XPASS] = "XPASS", [VERDICT_UNPROVEN] = "UNPROVEN",
		[VERDICT_ERROR] = "ERROR",
	};

	return names[verdict];
}

int verdict_exit_status(const unsigned int count[VERDICTS], int allow_unproven)
{
	if (count[VERDICT_FAIL] || count[VERDICT_XPASS])
		return EXIT_BAD;
	if (count[VERDICT_UNPROVEN] && !allow_unproven)
		return EXIT_BAD;
	if (count[VERDICT_ERROR])
		return EXIT_HOST;
	if (count[VERDICT_PASS] || count[VERDICT_XFAIL] || count[VERDICT_UNPROVEN])
		return EXIT_ALL_GOOD;
	return EXIT_NOTHING;
}

int verdict_exit_unopened(int error, const char *device)
{
	switch (error) {
	case -ENOSR:
		return EXIT_HOST;
	case -ENODEV:
		/* an error only where the user named one */
		return device ? EXIT_USAGE : EXIT_NOTHING;
	default:
		return EXIT_USAGE;
	}
}
