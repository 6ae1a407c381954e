// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* opt_try.c - a table of options of every type, and what a command line makes of it */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "capture.h"
#include "opt_try.h"

struct opt_run run;

static const char *const memories[] = { "anonymous", "fsdax", "devdax", NULL };
static const char *const ops[] = { "write", "read", "send", NULL };

const struct opt options[] = {
	OPT_GROUP("Memory"),
	OPT_FLAG_ROW(struct config, odp, "odp", 'o', "on-demand paging"),
	OPT_CHOICE_ROW(struct config, memory, "memory", 'm', "KIND", "fsdax", "what kind",
		       .choices = memories),
	OPT_GROUP("Traffic"),
	OPT_COUNT_ROW(struct config, verbose, "verbose", 'v', "say more"),
	OPT_NUMBER_ROW(struct config, count, "count", 'n', "N", "1000", "how many",
		       .min = 1),
	OPT_SIZE_ROW(struct config, length, "length", 's', "BYTES", "64K", "how long",
		     .min = 1024, .max = 1 << 30),
	OPT_DURATION_ROW(struct config, timeout, "timeout", 0, "TIME", "30s",
			 "how much time", .min = NSEC_PER_SEC,
			 .max = 3600 * NSEC_PER_SEC),
	OPT_STRING_ROW(struct config, device, "device", 'd', "NAME", NULL, "which"),
	OPT_SIZES_ROW(struct config, sizes, "sizes", 0, "LIST", "4K,64K", "which sizes",
		      .max = 1 << 30),
	OPT_CHOICES_ROW(struct config, ops, "ops", 0, "LIST", NULL, "which operations",
			.choices = ops),
	OPT_END
};

static const struct opt_app app = { "odp_try", "[OPTIONS] [FILE]", "Tries.", options };

void parse(const char *line)
{
	static char words[1024];
	struct capture out, err;
	char *save = NULL;
	int argc = 0;

	memset(&run, 0xff, sizeof(run)); /* nothing is taken for granted */
	snprintf(words, sizeof(words), "odp_try %s", line);
	for (char *word = strtok_r(words, " ", &save); word;
	     word = strtok_r(NULL, " ", &save))
		run.argv[argc++] = word;
	run.argv[argc] = NULL;
	out = capture_start(stdout);
	err = capture_start(stderr);
	run.ret = opt_parse(&app, &run.config, argc, run.argv, &run.rest);
	capture_end(&err, run.err, sizeof(run.err));
	capture_end(&out, run.out, sizeof(run.out));
}

void accepts(const char *line)
{
	parse(line);
	assert_string_equal(run.err, "");
	assert_int_equal(run.ret, 0);
}
