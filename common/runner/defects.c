// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* defects.c - known defects: which failures are expected, where, and why */
#include "runner/defects.h"

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <glob.h>
#include <ini.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "base/util.h"
#include "scenario/scenario.h"

#define FIELD(name) \
	{ #name, offsetof(struct defect, name), sizeof(((struct defect *)0)->name) }

static const struct {
	const char *name;
	size_t offset, size;
} fields[] = {
	FIELD(scenario), FIELD(device),	   FIELD(driver),    FIELD(board),
	FIELD(firmware), FIELD(transport), FIELD(libfabric), FIELD(kernel),
	FIELD(symptom),	 FIELD(sometimes), FIELD(reason),
};

/* What ini_parse() hands to take_value(). */
struct load {
	struct defects *defects;
	size_t first;	  /* of this file: a section of another file is another defect */
	const char *last; /* field that was set; the lines that continue it come next */
};

static struct defect *find_or_add(struct load *load, const char *name)
{
	struct defects *defects = load->defects;
	struct defect *list;

	for (size_t i = load->first; i < defects->n; i++)
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

/*
 * inih's callback: 1 is good, 0 an error in this line. It comes once more for each
 * indented line that continues a value. A section that comes back is an error.
 */
static int take_value(void *data, const char *section, const char *name,
		      const char *value)
{
	struct load *load = data;
	struct defect *defect = find_or_add(load, section);

	if (!defect || !section[0] ||
	    defect != &load->defects->list[load->defects->n - 1])
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		char *field = (char *)defect + fields[i].offset;
		size_t used = strlen(field), left = fields[i].size - used;

		if (strcmp(name, fields[i].name))
			continue;
		if (used && load->last != fields[i].name)
			return 0;
		load->last = fields[i].name;
		return (size_t)snprintf(field + used, left, "%s%s", used ? " " : "",
					value) < left;
	}
	return 0;
}

/* The number that *text begins with, 0 where it does not: "-rc3", "+deb13". */
static unsigned long take_number(const char **text)
{
	char *end;
	unsigned long number;

	if (!isdigit((unsigned char)**text))
		return 0;
	number = strtoul(*text, &end, 10);
	*text = end;
	return number;
}

/* Compares as many numbers as @limit has: 7.3.4 equals 7.3. */
static int compare_release(const char *release, const char *limit)
{
	while (isdigit((unsigned char)*limit)) {
		unsigned long a = take_number(&release), b = take_number(&limit);

		if (a != b)
			return a < b ? -1 : 1;
		release += *release == '.';
		limit += *limit == '.';
	}
	return 0;
}

/* "6.15" */
static bool is_release(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!isdigit((unsigned char)text[i]) &&
		    (text[i] != '.' || !i || text[i - 1] == '.' || i + 1 == len))
			return false;
	return true;
}

/* "6.15", "6.15..", "..7.3", "6.15..7.3", which does not end before it begins */
static bool is_range(const char *text)
{
	const char *dots = strstr(text, "..");

	if (!dots)
		return is_release(text, strlen(text));
	return is_release(text, (size_t)(dots - text)) &&
	       is_release(dots + 2, strlen(dots + 2)) &&
	       (!dots[2] || compare_release(text, dots + 2) <= 0);
}

static int validate(const struct defect *defect, const char *path)
{
	if (!defect->scenario[0] || !defect->reason[0]) {
		log_error("%s: [%s] needs a scenario and a reason", path, defect->name);
		return -EINVAL;
	}
	if (defect->sometimes[0] && strcmp(defect->sometimes, "yes") != 0) {
		log_error("%s: [%s] sometimes = %s: it can only be yes", path,
			  defect->name, defect->sometimes);
		return -EINVAL;
	}
	if (!is_range(defect->kernel)) {
		log_error("%s: [%s] kernel = %s: give a range, as 6.15..7.3", path,
			  defect->name, defect->kernel);
		return -EINVAL;
	}
	if (!is_range(defect->libfabric)) {
		log_error("%s: [%s] libfabric = %s: give a range, as 1.17..2.1", path,
			  defect->name, defect->libfabric);
		return -EINVAL;
	}
	return 0;
}

static int load_file(struct defects *defects, const char *path)
{
	struct load load = { defects, defects->n, NULL };
	struct stat st;
	int line, ret = 0;

	/* a pipe would have no end */
	if (!stat(path, &st) && !S_ISREG(st.st_mode)) {
		log_error("known defects in %s: no regular file", path);
		return -EINVAL;
	}
	line = ini_parse(path, take_value, &load);
	if (line < 0)
		return log_errno(errno, "known defects in %s", path);
	if (line) {
		log_error("%s, line %d: not understood, too long, or there already; see "
			  "docs/known-defects.md",
			  path, line);
		return -EINVAL;
	}
	for (size_t i = load.first; i < defects->n && !ret; i++)
		ret = validate(&defects->list[i], path);
	return ret;
}

/* Returns 0 or -errno, after one line. */
static int digest_file(struct sha256 *sha, const char *path)
{
	_cleanup_free_ char *text = NULL;
	int ret = file_read_all(path, &text);

	if (ret)
		return log_errno(ret, "known defects in %s", path);
	sha256_add(sha, text, strlen(text));
	return 0;
}

int defects_load(struct defects *defects, const char *directory)
{
	struct sha256 sha;
	char pattern[PATH_MAX];
	struct stat st;
	glob_t names;
	int ret = 0;

	*defects = (struct defects){ 0 };
	if (stat(directory, &st))
		ret = errno;
	else if (!S_ISDIR(st.st_mode))
		ret = ENOTDIR;
	if (ret)
		return log_errno(ret, "known defects in %s (see --known-defects)",
				 directory);
	snprintf(pattern, sizeof(pattern), "%s/*.ini", directory);
	sha256_begin(&sha);
	if (!glob(pattern, 0, NULL, &names)) {
		for (size_t i = 0; i < names.gl_pathc && !ret; i++) {
			ret = load_file(defects, names.gl_pathv[i]);
			if (!ret)
				ret = digest_file(&sha, names.gl_pathv[i]);
		}
		globfree(&names);
	}
	sha256_end(&sha, defects->digest);
	if (ret)
		defects_free(defects);
	return ret;
}

void defects_free(struct defects *defects)
{
	free(defects->list);
	*defects = (struct defects){ 0 };
}

bool version_in_range(const char *release, const char *range)
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

/* No glob at all matches everything. */
static bool one_of_globs_matches(const char *globs, const char *text)
{
	char copy[256], *save = NULL;

	if (!globs[0])
		return true;
	snprintf(copy, sizeof(copy), "%s", globs);
	for (char *glob = strtok_r(copy, " \t", &save); glob;
	     glob = strtok_r(NULL, " \t", &save))
		if (!fnmatch(glob, text, 0))
			return true;
	return false;
}

static bool applies(const struct defect *defect, const struct defect_host *host,
		    const char *id)
{
	return one_of_globs_matches(defect->scenario, id) &&
	       one_of_globs_matches(defect->device, host->device) &&
	       one_of_globs_matches(defect->driver, host->driver) &&
	       one_of_globs_matches(defect->board, host->board) &&
	       one_of_globs_matches(defect->firmware, host->firmware) &&
	       one_of_globs_matches(defect->transport, host->transport) &&
	       version_in_range(host->libfabric, defect->libfabric) &&
	       version_in_range(host->kernel, defect->kernel);
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
		if (outcome->verdict == VERDICT_PASS && defect->sometimes[0])
			continue;
		if (outcome->verdict == VERDICT_PASS) {
			outcome->verdict = VERDICT_XPASS;
			outcome->defect = defect;
			snprintf(outcome->why, sizeof(outcome->why),
				 "passed, although %s predicts a failure here: %s",
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
