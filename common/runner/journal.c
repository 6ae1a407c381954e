// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* journal.c - a line of JSON as a run, and each of its scenarios, begins and ends */
#include "runner/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/log.h"
#include "base/utf8.h"
#include "base/util.h"
#include "runner/defects.h"
#include "testcase/registry.h"

/* Far more than a run of all scenarios writes. */
#define RESERVE_BYTES MiB(1)

int journal_open(struct journal *journal, const char *path)
{
	*journal = (struct journal){ .path = path, .fd = -1 };
	if (!path)
		return 0;
	journal->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (journal->fd < 0)
		return log_errno(errno, "journal %s", path);
	/*
	 * a filesystem that others fill up meanwhile ends no journal; a pipe has no
	 * blocks
	 */
	fallocate(journal->fd, FALLOC_FL_KEEP_SIZE, 0, RESERVE_BYTES);
	return 0;
}

static int write_whole(struct journal *journal, const char *text, size_t len)
{
	ssize_t n = write(journal->fd, text, len);
	int error = errno;

	if (n == (ssize_t)len) {
		journal->size += n;
		fdatasync(journal->fd); /* a pipe has no disk */
		return 0;
	}
	if (n > 0) {
		error = ENOSPC;
		if (ftruncate(journal->fd, journal->size) ||
		    lseek(journal->fd, journal->size, SEEK_SET) < 0)
			error = errno;
	}
	return -error;
}

/* Takes the object. */
static void write_line(struct journal *journal, struct json_object *object)
{
	const char *json = json_object_to_json_string_ext(
		object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
	_cleanup_free_ char *line = NULL;
	int len = asprintf(&line, "%s\n", json);
	int ret = len < 0 ? -ENOMEM : 0;

	if (!ret) {
		utf8_repair(line, (size_t)len);
		ret = write_whole(journal, line, (size_t)len);
	} else {
		line = NULL;
	}
	if (ret) {
		log_errno(ret, "write the journal %s; it ends here", journal->path);
		journal->broken = true;
	}
	json_object_put(object);
}

static bool kept(const struct journal *journal)
{
	return journal->fd >= 0 && !journal->broken;
}

static struct json_object *event(const char *name)
{
	struct json_object *object = json_object_new_object();

	json_add_text(object, "event", name);
	return object;
}

void journal_run(struct journal *journal, const struct run *run,
		 const struct scenario *const *scenarios, size_t n)
{
	struct json_object *object, *ids;
	struct utsname host;

	if (!kept(journal))
		return;
	uname(&host);
	object = event("run");
	json_add_text(object, "odplab", ODPLAB_VERSION);
	json_add_text(object, "started", run->started);
	json_add_text(object, "kernel", host.release);
	json_add_text(object, "device", run->env->device.name);
	json_add_text(object, "driver", run->env->device.driver);
	json_object_object_add(object, "config", json_object_get(run->config));
	ids = json_add_array(object, "scenarios");
	for (size_t i = 0; i < n; i++)
		json_object_array_add(ids, json_object_new_string(scenarios[i]->id));
	write_line(journal, object);
}

void journal_begin(struct journal *journal, const struct scenario *scenario,
		   unsigned int repetition)
{
	struct json_object *object;

	if (!kept(journal))
		return;
	object = event("begin");
	json_add_text(object, "id", scenario->id);
	json_add_number(object, "repetition", repetition);
	write_line(journal, object);
}

void journal_end(struct journal *journal, const struct outcome *outcome)
{
	struct json_object *object;
	char seconds[32];

	if (!kept(journal))
		return;
	object = event("end");
	json_add_text(object, "id", outcome->scenario->id);
	json_add_number(object, "repetition", outcome->repetition);
	json_add_text(object, "verdict", verdict_name(outcome->verdict));
	snprintf(seconds, sizeof(seconds), "%.3f", (double)outcome->duration_ns / 1e9);
	json_object_object_add(
		object, "seconds",
		json_object_new_double_s((double)outcome->duration_ns / 1e9, seconds));
	json_add_text(object, "why", outcome->why[0] ? outcome->why : NULL);
	json_add_text(object, "defect", outcome->defect ? outcome->defect->name : NULL);
	write_line(journal, object);
}

void journal_finish(struct journal *journal, const struct run *run)
{
	struct json_object *object, *counts;

	if (!kept(journal))
		return;
	object = event("finish");
	json_add_text(object, "finished", run->finished);
	json_object_object_add(object, "exit_status",
			       json_object_new_int(run->exit_status));
	counts = json_add_object(object, "counts");
	for (unsigned int v = 0; v < VERDICTS; v++)
		json_add_number(counts, verdict_name((enum verdict)v), run->count[v]);
	write_line(journal, object);
}

int journal_close(struct journal *journal)
{
	if (journal->fd >= 0) {
		/* what was set aside and not used; a pipe has no size */
		if (ftruncate(journal->fd, journal->size))
			log_debug("%s: %s", journal->path, strerror(errno));
		close(journal->fd);
	}
	journal->fd = -1;
	return journal->broken ? -EIO : 0;
}
