/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * defects.h - known defects: which failures are expected, where, and why
 *
 * configs/known-defects/<any>.ini, one section a defect:
 *
 *	[K1]
 *	scenario = DP-05.*          ; globs, separated by blanks
 *	driver = rxe                ; glob, as device, board, firmware, transport; may be left out
 *	libfabric = ..2.1           ; as kernel
 *	kernel = 6.15..             ; from..to, both included, either may be left out
 *	sometimes = yes             ; it depends on timing: a pass is a pass
 *	symptom = wrong data        ; the failure's message must contain it
 *	reason = one sentence
 */
#ifndef ODPLAB_RUNNER_DEFECTS_H
#define ODPLAB_RUNNER_DEFECTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/sha256.h"
#include "runner/outcome.h"

struct defect {
	char name[64];
	char scenario[256];
	char device[64], driver[64], board[64], firmware[64],
		transport[64];		/* globs; "" matches all */
	char kernel[64], libfabric[64]; /* ranges of versions; "" matches all */
	char symptom[128];		/* "" matches all */
	char sometimes[8];		/* "yes" or "" */
	char reason[512];
};

struct defects {
	struct defect *list;
	size_t n;
	char digest[SHA256_TEXT]; /* of the folder: cat *.ini | sha256sum; "" for none */
};

/* What the defects are matched against. */
struct defect_host {
	const char *device, *driver, *board, *firmware, *transport;
	const char *libfabric; /* "2.1" */
	const char *kernel;
};

/*
 * Reads every .ini of @directory. Returns 0 or -errno after one line (-EINVAL names file
 * and line).
 */
int defects_load(struct defects *defects, const char *directory);
void defects_free(struct defects *defects);

/*
 * Does each name scenarios that there are, and not all of them whatever the symptom?
 * Returns 0 or -EINVAL after one line.
 */
int defects_check(const struct defects *defects);

/* Is "7.3.4+deb13-amd64" in "6.15..7.3"? 7.3 as an end includes all of 7.3.x. */
bool version_in_range(const char *release, const char *range);

/*
 * Turns FAIL into XFAIL, and PASS into XPASS, where a defect of this host predicts that
 * the scenario fails; a FAIL with another symptom stays one.
 */
void defects_apply(const struct defects *defects, const struct defect_host *host,
		   struct outcome *outcome);

#endif
