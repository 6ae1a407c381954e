/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* results_folder.h - a folder with the results of runs; include it before cmocka.h */
#ifndef ODPLAB_TESTS_RESULTS_FOLDER_H
#define ODPLAB_TESTS_RESULTS_FOLDER_H

#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define OUTCOME(id, verdict, capabilities, lacks)                                        \
	"{\"id\":\"" id "\",\"verdict\":\"" verdict "\",\"capabilities\":[" capabilities \
	"],\"why\":\"" id " "                                                            \
	"is so\",\"lacks\":" lacks "}"

static char folder[] = "/tmp/odplab-qualify-XXXXXX";

static inline int make_folder(void **state)
{
	return mkdtemp(folder) ? 0 : -1;
}

static inline int remove_folder(void **state)
{
	char command[sizeof(folder) + 16];

	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}

/* Empties the folder. */
static inline int clear_folder(void **state)
{
	return remove_folder(state) || mkdir(folder, 0700);
}

/* @name: "a/run.json" */
static inline void put(const char *name, const char *text)
{
	char path[PATH_MAX];
	FILE *file;
	int failed;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (strchr(name, '/')) {
		*strrchr(path, '/') = '\0';
		mkdir(path, 0700);
		path[strlen(path)] = '/';
	}
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	failed = fclose(file);
	assert_int_equal(failed, 0);
}

/* A run.json, or a perf.json, with these items. */
static inline void put_items(const char *name, const char *head, const char *const *items)
{
	char text[8192] = "";
	size_t used = 0;

	for (size_t i = 0; items[i]; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s",
					 i ? "," : head, items[i]);
	snprintf(text + used, sizeof(text) - used, "]}");
	put(name, text);
}
#define put_run(name, ...)                                                          \
	put_items(name, "{\"schema\":\"odplab-run\",\"version\":5,\"scenarios\":[", \
		  (const char *const[]){ __VA_ARGS__, NULL })
#define put_perf(name, ...)                                                             \
	put_items(name, "{\"schema\":\"odplab-perf\",\"version\":3,\"measurements\":[", \
		  (const char *const[]){ __VA_ARGS__, NULL })

#endif
