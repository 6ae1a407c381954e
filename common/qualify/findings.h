/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * findings.h - what the runs in one folder found: scenarios and measurements, as plain
 * JSON
 *
 * A scenario that ran more than once (repeated, or on a second filesystem) counts as its
 * worst outcome; SKIP and ERROR count only where it never ran.
 */
#ifndef ODPLAB_QUALIFY_FINDINGS_H
#define ODPLAB_QUALIFY_FINDINGS_H

#include <json-c/json.h>
#include <stddef.h>

/* From the least to the worst. What is none of the first five has failed. */
enum standing { SKIPPED, ERRORED, PASSED, KNOWN, UNPROVEN, FAILED, STANDINGS };

struct findings {
	struct json_object *outcomes;	  /* id -> the outcome that counts, of run.json */
	struct json_object *measurements; /* array: those of perf.json */
	/* of the first file; NULL: it has none */
	struct json_object *environment, *calibration;
};

/*
 * Reads run.json and perf.json of @folder and of each folder in it. Returns 0 or -errno
 * after one line: -ENOENT where there is neither, -EINVAL where one is not of this
 * version. The caller calls findings_free() in any case.
 */
int findings_read(struct findings *findings, const char *folder);
void findings_free(struct findings *findings);

/* Of an outcome. */
enum standing findings_standing(struct json_object *outcome);

/* The text of a member, "" where it is null or missing. */
const char *findings_text(struct json_object *object, const char *member);

#endif
