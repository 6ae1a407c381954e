// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* acceptance.c - reads what a host must fulfil to be accepted */
#include "qualify/acceptance.h"

#include <errno.h>
#include <ini.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "base/units.h"
#include "base/util.h"
#include "qualify/findings.h"
#include "testcase/registry.h"

#define FIELD(name)                                  \
	{ #name, offsetof(struct requirement, name), \
	  sizeof(((struct requirement *)0)->name) }

static const struct {
	const char *name;
	size_t offset, size;
} fields[] = {
	FIELD(scenario), FIELD(allow), FIELD(state),
	FIELD(op),	 FIELD(size),  FIELD(of_pinned),
};

/* The section of that name; a new one where there is none. */
static struct requirement *find_or_add(struct acceptance *acceptance, const char *name)
{
	struct requirement *list;

	for (size_t i = 0; i < acceptance->n; i++)
		if (!strcmp(acceptance->list[i].name, name))
			return &acceptance->list[i];
	list = realloc(acceptance->list, (acceptance->n + 1) * sizeof(*list));
	if (!list)
		return NULL;
	acceptance->list = list;
	list[acceptance->n] = (struct requirement){ 0 };
	snprintf(list[acceptance->n].name, sizeof(list[0].name), "%s", name);
	return &list[acceptance->n++];
}

/* inih's callback: 1 is good, 0 an error in this line. Further lines continue a value. */
static int take_value(void *data, const char *section, const char *name,
		      const char *value)
{
	struct requirement *requirement = find_or_add(data, section);

	if (!requirement || !section[0])
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		char *field = (char *)requirement + fields[i].offset;
		size_t used = strlen(field), left = fields[i].size - used;

		if (!strcmp(name, fields[i].name))
			return (size_t)snprintf(field + used, left, "%s%s",
						used ? " " : "", value) < left;
	}
	return 0;
}

static int wrong(const char *path, const struct requirement *requirement, const char *key,
		 const char *value, const char *expected)
{
	log_error("%s: [%s] %s = %s: %s", path, requirement->name, key, value, expected);
	return -EINVAL;
}

static int check_scenarios(const struct requirement *requirement, const char *path)
{
	char globs[sizeof(requirement->scenario)], *save = NULL;

	snprintf(globs, sizeof(globs), "%s", requirement->scenario);
	for (char *glob = strtok_r(globs, " \t", &save); glob;
	     glob = strtok_r(NULL, " \t", &save)) {
		if (!registry_count(glob))
			return wrong(path, requirement, "scenario", glob,
				     "no such scenario; odp_test --list names them");
		/* those that are left out of a run unless they are named */
		if (!registry_count_selected(glob))
			return wrong(path, requirement, "scenario", glob,
				     "only hazards, which no run of all scenarios has");
	}
	return 0;
}

static int parse_allow(struct requirement *requirement, const char *path)
{
	static const struct {
		const char *verdict;
		enum standing standing;
	} rows[] = { { "XFAIL", KNOWN }, { "UNPROVEN", UNPROVEN }, { "SKIP", SKIPPED } };
	char words[sizeof(requirement->allow)], *save = NULL;

	snprintf(words, sizeof(words), "%s", requirement->allow);
	for (char *word = strtok_r(words, " \t", &save); word;
	     word = strtok_r(NULL, " \t", &save)) {
		size_t i = 0;

		while (i < ARRAY_SIZE(rows) && strcmp(rows[i].verdict, word) != 0)
			i++;
		if (i == ARRAY_SIZE(rows))
			return wrong(path, requirement, "allow", word,
				     "must be XFAIL, UNPROVEN or SKIP");
		requirement->also |= 1u << rows[i].standing;
	}
	return 0;
}

/* Is it one of the words, which are separated by blanks? */
static bool one_of(const char *word, const char *words)
{
	const char *found = strstr(words, word);
	size_t len = strlen(word);

	return found && len && (found == words || found[-1] == ' ') &&
	       (!found[len] || found[len] == ' ');
}

static int parse_throughput(struct requirement *requirement, const char *path)
{
	char *end;

	if (!one_of(requirement->state, "warm prefetched cold"))
		return wrong(path, requirement, "state", requirement->state,
			     "must be warm, prefetched or cold");
	if (requirement->op[0] && !one_of(requirement->op, "write read"))
		return wrong(path, requirement, "op", requirement->op,
			     "must be write or read");
	if (requirement->size[0] &&
	    (units_parse_size(requirement->size, &requirement->bytes) ||
	     !requirement->bytes))
		return wrong(path, requirement, "size", requirement->size,
			     "must be a size, such as 64K");
	requirement->least = strtod(requirement->of_pinned, &end);
	if (*end || !(requirement->least > 0) || !(requirement->least < 100))
		return wrong(path, requirement, "of_pinned", requirement->of_pinned,
			     "must be a number such as 0.80");
	return 0;
}

static int validate(struct requirement *requirement, const char *path)
{
	bool throughput = requirement->state[0] || requirement->op[0] ||
			  requirement->size[0] || requirement->of_pinned[0];
	int ret;

	if (requirement->scenario[0] ? throughput :
				       (!throughput || requirement->allow[0])) {
		log_error("%s: [%s] needs either scenario (and allow), or state and "
			  "of_pinned (and op and size)",
			  path, requirement->name);
		return -EINVAL;
	}
	if (throughput)
		return parse_throughput(requirement, path);
	ret = check_scenarios(requirement, path);
	return ret ? ret : parse_allow(requirement, path);
}

static int load(struct acceptance *acceptance, const char *path)
{
	struct stat st;
	int line, ret = 0;

	/* a pipe would have no end */
	if (!stat(path, &st) && !S_ISREG(st.st_mode)) {
		log_error("acceptance file %s: no regular file", path);
		return -EINVAL;
	}
	line = ini_parse(path, take_value, acceptance);
	if (line < 0)
		return log_errno(errno, "acceptance file %s", path);
	if (line) {
		log_error("%s, line %d: not understood, or too long; see odp_report(1)",
			  path, line);
		return -EINVAL;
	}
	if (!acceptance->n) {
		log_error("%s: no requirement in it; see odp_report(1)", path);
		return -EINVAL;
	}
	for (size_t i = 0; i < acceptance->n && !ret; i++)
		ret = validate(&acceptance->list[i], path);
	return ret;
}

int acceptance_load(struct acceptance *acceptance, const char *path)
{
	int ret;

	*acceptance = (struct acceptance){ 0 };
	ret = load(acceptance, path);
	if (ret)
		acceptance_free(acceptance);
	return ret;
}

void acceptance_free(struct acceptance *acceptance)
{
	free(acceptance->list);
	*acceptance = (struct acceptance){ 0 };
}
