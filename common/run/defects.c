// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* defects.c - known defects: which failures are expected, where, and why */
#include "run/defects.h"

#include <errno.h>
#include <fnmatch.h>
#include <glob.h>
#include <ini.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "base/util.h"
#include "run/scenario.h"

#define FIELD(name) \
	{ #name, offsetof(struct defect, name), sizeof(((struct defect *)0)->name) }

static const struct {
	const char *name;
	size_t offset, size;
} fields[] = {
	FIELD(scenario), FIELD(device),	 FIELD(driver), FIELD(firmware),
	FIELD(kernel),	 FIELD(symptom), FIELD(reason),
};

static struct defect *find_or_add(struct defects *defects, const char *name)
{
	struct defect *list;

	for (size_t i = 0; i < defects->n; i++)
		if (!strcmp(defects->list[i].name, name))
			return &defects->list[i];
	list = realloc(defects->list, (defects->n + 1) * sizeof(*list));
	if (!list)
		return NULL;
	defects->list = list;
	memset(&list[defects->n], 0, sizeof(*list));
	snprintf(list[defects->n].name, sizeof(list[0].name), "%s", name);
	return &list[defects->n++];
}

/* inih's callback: 1 is good, 0 an error in this line */
static int take_value(void *data, const char *section, const char *name,
		      const char *value)
{
	struct defect *defect = find_or_add(data, section);

	if (!defect || !section[0])
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		char *field = (char *)defect + fields[i].offset;

		if (strcmp(name, fields[i].name))
			continue;
		return (size_t)snprintf(field, fields[i].size, "%s", value) <
		       fields[i].size;
	}
	return 0;
}

static int load_file(struct defects *defects, const char *path)
{
	size_t first = defects->n;
	int line = ini_parse(path, take_value, defects);

	if (line) {
		log_error("%s, line %d: not understood; see docs/known-defects.md", path,
			  line);
		return -EINVAL;
	}
	for (size_t i = first; i < defects->n; i++) {
		if (defects->list[i].scenario[0] && defects->list[i].reason[0])
			continue;
		log_error("%s: [%s] needs a scenario and a reason", path,
			  defects->list[i].name);
		return -EINVAL;
	}
	return 0;
}

int defects_load(struct defects *defects, const char *directory)
{
	char pattern[PATH_MAX];
	struct stat st;
	glob_t names;
	int ret = 0;

	*defects = (struct defects){ 0 };
	if (stat(directory, &st) || !S_ISDIR(st.st_mode))
		return log_errno(errno ? errno : ENOTDIR,
				 "known defects in %s (see --known-defects)", directory);
	snprintf(pattern, sizeof(pattern), "%s/*.ini", directory);
	if (glob(pattern, 0, NULL, &names))
		return 0;
	for (size_t i = 0; i < names.gl_pathc && !ret; i++)
		ret = load_file(defects, names.gl_pathv[i]);
	globfree(&names);
	if (ret)
		defects_free(defects);
	return ret;
}

void defects_free(struct defects *defects)
{
	free(defects->list);
	*defects = (struct defects){ 0 };
}

/* Compares as many numbers as @limit has: 7.3.4 equals 7.3. */
static int compare_release(const char *release, const char *limit)
{
	char *release_end, *limit_end;

	for (;;) {
		long a = strtol(release, &release_end, 10);
		long b = strtol(limit, &limit_end, 10);

		if (limit_end == limit)
			return 0;
		if (a != b)
			return a < b ? -1 : 1;
		if (*limit_end != '.')
			return 0;
		limit = limit_end + 1;
		release = release_end + (*release_end == '.');
	}
}

bool defects_kernel_in_range(const char *release, const char *range)
{
	const char *dots = strstr(range, "..");

	if (!range[0])
		return true;
	if (!dots)
		return !compare_release(release, range);
	if (dots != range && compare_release(release, range) < 0)
		return false;
	return !dots[2] || compare_release(release, dots + 2) <= 0;
}

static bool glob_matches(const char *glob, const char *text)
{
	return !glob[0] || !fnmatch(glob, text, 0);
}

static bool one_of_globs_matches(const char *globs, const char *id)
{
	char copy[256], *save = NULL;

	snprintf(copy, sizeof(copy), "%s", globs);
	for (char *glob = strtok_r(copy, " \t", &save); glob;
	     glob = strtok_r(NULL, " \t", &save))
		if (!fnmatch(glob, id, 0))
			return true;
	return false;
}

static bool applies(const struct defect *defect, const struct defect_host *host,
		    const char *id)
{
	return one_of_globs_matches(defect->scenario, id) &&
	       glob_matches(defect->device, host->device) &&
	       glob_matches(defect->driver, host->driver) &&
	       glob_matches(defect->firmware, host->firmware) &&
	       defects_kernel_in_range(host->kernel, defect->kernel);
}

void defects_apply(const struct defects *defects, const struct defect_host *host,
		   struct outcome *outcome)
{
	if (outcome->verdict != VERDICT_FAIL && outcome->verdict != VERDICT_PASS)
		return;
	for (size_t i = 0; i < defects->n; i++) {
		const struct defect *defect = &defects->list[i];

		if (!applies(defect, host, outcome->scenario->id))
			continue;
		if (outcome->verdict == VERDICT_PASS) {
			outcome->verdict = VERDICT_XPASS;
			outcome->defect = defect;
			snprintf(outcome->why, sizeof(outcome->why),
				 "passed, although %s says it fails here: %s",
				 defect->name, defect->reason);
			return;
		}
		if (!strstr(outcome->why, defect->symptom))
			continue;
		outcome->verdict = VERDICT_XFAIL;
		outcome->defect = defect;
		return;
	}
}
