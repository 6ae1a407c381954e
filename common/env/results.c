// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* results.c - the folder that a run leaves: whole, or not there */
#include "env/results.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "base/units.h"
#include "base/utf8.h"
#include "process/orphan.h"

static void make_name(char *name, size_t size, const struct env *env)
{
	struct utsname host;
	time_t now = time(NULL);
	char utc[32];
	struct tm tm;

	uname(&host);
	strftime(utc, sizeof(utc), "%Y%m%dT%H%M%SZ", gmtime_r(&now, &tm));
	snprintf(name, size, "%s-%s-%s", utc, env->device.name, host.release);
}

/* "DIR/.NAME@HOST-PID", of a run that was killed, becomes "DIR/NAME-killed". */
static void adopt(const char *hidden)
{
	const char *name = strrchr(hidden, '/') + 2;
	char path[PATH_MAX];

	/* it had not begun */
	if (!rmdir(hidden))
		return;
	snprintf(path, sizeof(path), "%.*s/%.*s-killed", (int)(name - 2 - hidden), hidden,
		 (int)(strrchr(name, '@') - name), name);
	if (rename(hidden, path))
		log_warning("%s, of a run that was killed: %s", hidden, strerror(errno));
}

unsigned int results_adopt(const char *directory)
{
	char pattern[PATH_MAX];
	struct utsname host;

	/*
	 * several hosts may have their results in one place, and each knows its processes
	 * only
	 */
	uname(&host);
	snprintf(pattern, sizeof(pattern), "%s/.[0-9]*@%s-*", directory, host.nodename);
	return orphans_remove(pattern, adopt);
}

/*
 * In an unnamed file, which is gone with its process. Where a filesystem cannot do that,
 * its room is looked at when files are written.
 */
static int set_aside(struct results *results, const char *directory)
{
	char size[UNITS_TEXT];

	results->reserve = open(results->hidden, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
	if (results->reserve >= 0 && !fallocate(results->reserve, 0, 0, RESULTS_BYTES))
		return 0;
	if (errno != ENOSPC && errno != EDQUOT)
		return 0;
	log_error("%s has not the %s free that results may take; free more, or choose "
		  "another with --output",
		  directory, units_format_size(RESULTS_BYTES, size));
	return -ENOSR;
}

static void use_reserve(struct results *results)
{
	if (results->reserve >= 0)
		close(results->reserve);
	results->reserve = -1;
}

int results_open(struct results *results, const char *directory, const struct env *env)
{
	struct utsname host;
	char name[256];

	uname(&host);
	results->hidden[0] = '\0';
	results->reserve = -1;
	make_name(name, sizeof(name), env);
	if (mkdir(directory, 0755) && errno != EEXIST)
		return log_errno(errno, "results folder %s; choose another with --output",
				 directory);
	results_adopt(directory);
	if (snprintf(results->path, PATH_MAX, "%s/%s", directory, name) >= PATH_MAX ||
	    snprintf(results->hidden, PATH_MAX, "%s/.%s@%s-%d", directory, name,
		     host.nodename, (int)getpid()) >= PATH_MAX)
		return log_errno(ENAMETOOLONG, "results folder %s", directory);
	if (!mkdir(results->hidden, 0755)) {
		int ret = set_aside(results, directory);

		if (ret)
			results_drop(results);
		return ret;
	}
	results->hidden[0] = '\0';
	return log_errno(errno,
			 "write to results folder %s; choose another with --output",
			 directory);
}

char *results_text(void (*write)(FILE *out, const void *data), const void *data,
		   size_t *size)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, size);

	if (!out)
		return NULL;
	write(out, data);
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	utf8_repair(text, *size);
	return text;
}

int results_file(struct results *results, const char *name,
		 void (*write)(FILE *out, const void *data), const void *data)
{
	char path[PATH_MAX + 64];
	size_t size;
	_cleanup_free_ char *text = results_text(write, data, &size);
	int ret;

	if (!text)
		return log_errno(ENOMEM, "%s", name);
	use_reserve(results);
	snprintf(path, sizeof(path), "%s/%s", results->hidden, name);
	ret = file_replace(path, text, size);
	return ret ? log_errno(ret, "write %s/%s; no results are left", results->path,
			       name) :
		     0;
}

int results_finish(struct results *results)
{
	char other[PATH_MAX + 16];

	use_reserve(results);
	/* another run of the same second has the name already: the next free one */
	snprintf(other, sizeof(other), "%s", results->path);
	for (int i = 2; rename(results->hidden, other); i++) {
		if ((errno != EEXIST && errno != ENOTEMPTY) || i > 99)
			return log_errno(errno, "name the results folder %s", other);
		snprintf(other, sizeof(other), "%s-%d", results->path, i);
	}
	snprintf(results->path, sizeof(results->path), "%.*s", PATH_MAX - 1, other);
	results->hidden[0] = '\0';
	return 0;
}

void results_drop(struct results *results)
{
	_cleanup_dir_ DIR *directory = NULL;
	const struct dirent *entry;
	int fd;

	if (!results->hidden[0])
		return;
	use_reserve(results);
	directory = opendir(results->hidden);
	fd = directory ? dirfd(directory) : -1;
	while (fd >= 0 && (entry = readdir(directory)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			unlinkat(fd, entry->d_name, 0);
	rmdir(results->hidden);
	results->hidden[0] = '\0';
}
