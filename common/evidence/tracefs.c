// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* tracefs.c - an instance of the kernel's tracer, and dynamic events in it */
#include "evidence/tracefs.h"

#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include "base/file.h"
#include "base/util.h"
#include "process/orphan.h"

#define BUFFER_KB "4096" /* a processor */

static const char *in_instance(const struct tracefs *trace, const char *name,
			       char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, "%s/%s", trace->instance, name);
	return path;
}

static void remove_instance(const char *instance)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/events/enable", instance);
	file_write(path, "0");
	rmdir(instance);
}

static unsigned int remove_orphans(void)
{
	return orphans_remove(TRACEFS_ROOT "/instances/" TRACEFS_GROUP "-*",
			      remove_instance);
}

int tracefs_open(struct tracefs *trace)
{
	char path[PATH_MAX];

	if (access(TRACEFS_ROOT "/instances", F_OK))
		return errno == EACCES ? -EACCES : -ENOENT;
	if (access(TRACEFS_ROOT "/dynamic_events", W_OK))
		return errno == ENOENT ? -ENOENT : -EACCES;
	remove_orphans();
	snprintf(trace->instance, sizeof(trace->instance),
		 TRACEFS_ROOT "/instances/" TRACEFS_GROUP "-%d", (int)getpid());
	if (mkdir(trace->instance, 0700) && errno != EEXIST)
		return -errno;
	file_write(in_instance(trace, "buffer_size_kb", path), BUFFER_KB);
	/*
	 * events of two processors are in their order, which that of "local" need not be
	 */
	file_write(in_instance(trace, "trace_clock", path), "global");
	return 0;
}

/* Other processes of ours share the events: the kernel keeps one that is in use. */
static void remove_events(void)
{
	glob_t names;

	if (glob(TRACEFS_ROOT "/events/" TRACEFS_GROUP "/*/format", 0, NULL, &names))
		return;
	for (size_t i = 0; i < names.gl_pathc; i++) {
		char line[128], *name = names.gl_pathv[i];

		*strrchr(name, '/') = '\0';
		snprintf(line, sizeof(line), "-:" TRACEFS_GROUP "/%s",
			 strrchr(name, '/') + 1);
		file_append(TRACEFS_ROOT "/dynamic_events", line);
	}
	globfree(&names);
}

unsigned int tracefs_tidy(void)
{
	unsigned int n = remove_orphans();

	remove_events();
	return n;
}

void tracefs_close(struct tracefs *trace)
{
	remove_instance(trace->instance);
	remove_events();
}

/*
 * How many calls may be in progress before the kernel drops return events. The default is
 * two a processor, ten at least (kprobes.c register_kretprobe()), and page faults sleep.
 */
#define AT_ONCE "512"

static int define(const char *event, const char *function, bool returns, const char *args,
		  bool fprobe)
{
	char line[512];

	if (fprobe)
		snprintf(line, sizeof(line), "f%s:" TRACEFS_GROUP "/%s %s%s %s",
			 returns ? AT_ONCE : "", event, function,
			 returns ? "%return" : "", args);
	else
		snprintf(line, sizeof(line), "%s:" TRACEFS_GROUP "/%s %s %s",
			 returns ? "r" AT_ONCE : "p", event, function, args);
	return file_append(TRACEFS_ROOT "/dynamic_events", line);
}

int tracefs_probe(struct tracefs *trace, const char *event, const char *const *functions,
		  bool returns, const char *args, char *used, size_t size)
{
	char path[PATH_MAX], name[128];
	int ret = -ENOENT;

	snprintf(name, sizeof(name), TRACEFS_GROUP "/%s", event);
	for (; *functions; functions++) {
		for (int fprobe = 0; fprobe <= 1; fprobe++) {
			ret = define(event, *functions, returns, args, fprobe);
			if (ret && ret != -EEXIST)
				continue;
			snprintf(used, size, "%s %s", fprobe ? "fprobe" : "kprobe",
				 *functions);
			snprintf(path, sizeof(path), "%s/events/%s/enable",
				 trace->instance, name);
			return file_write(path, "1");
		}
	}
	return ret;
}

int tracefs_enable(struct tracefs *trace, const char *event)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/events/%s/enable", trace->instance, event);
	return file_write(path, "1");
}

int tracefs_mark(struct tracefs *trace, const char *text)
{
	char path[PATH_MAX];

	return file_write(in_instance(trace, "trace_marker", path), text);
}

int tracefs_clear(struct tracefs *trace)
{
	char path[PATH_MAX];

	trace->lost = 0;
	return file_write(in_instance(trace, "trace", path), "\n");
}

int tracefs_stats_lost(const char *stats, uint64_t *lost)
{
	static const char *const figures[] = { "\noverrun: ", "\ncommit overrun: ",
					       "\ndropped events: " };

	*lost = 0;
	for (size_t i = 0; i < ARRAY_SIZE(figures); i++) {
		const char *found = strstr(stats, figures[i]);

		if (!found)
			return -ENODATA;
		*lost += strtoull(found + strlen(figures[i]), NULL, 10);
	}
	return 0;
}

/* Of all processors, since the record was emptied. Returns 0 or -errno. */
static int count_lost(const struct tracefs *trace, uint64_t *lost)
{
	char path[PATH_MAX], text[512];
	glob_t names;
	int ret = 0;

	*lost = 0;
	if (glob(in_instance(trace, "per_cpu/cpu*/stats", path), 0, NULL, &names))
		return -ENODATA;
	for (size_t i = 0; i < names.gl_pathc && !ret; i++) {
		uint64_t n;

		ret = file_read(names.gl_pathv[i], text, sizeof(text));
		if (!ret)
			ret = tracefs_stats_lost(text, &n);
		if (!ret)
			*lost += n;
	}
	globfree(&names);
	return ret;
}

int tracefs_take(struct tracefs *trace, char **text, bool *lost)
{
	char path[PATH_MAX];
	uint64_t now;
	int ret;

	ret = file_drain(in_instance(trace, "trace_pipe", path), text);
	/* after it: what is overwritten meanwhile is missing, too */
	*lost = count_lost(trace, &now) || now != trace->lost;
	if (*lost)
		trace->lost = now;
	return ret;
}
