// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* survey.c - gathers limits, devices, filesystems and DAX devices of this host */
#include "survey/survey.h"

#include <errno.h>
#include <glob.h>
#include <stdlib.h>

#include "base/log.h"
#include "storage/filesystem.h"

/* Appends a path; one that cannot be inspected is left out, after a logged line. */
static int add_path(struct path_info **list, size_t *n, const char *name)
{
	struct path_info *more = reallocarray(*list, *n + 1, sizeof(**list));
	int ret;

	if (!more)
		return log_errno(ENOMEM, "%s", name);
	*list = more;
	ret = path_info_inspect(name, &more[*n]);
	*n += !ret;
	return ret;
}

static bool add_mount(const struct mount *mount, void *data)
{
	struct survey *survey = data;

	add_path(&survey->mounts, &survey->n_mounts, mount->point);
	return false;
}

static void find_dax_devices(struct survey *survey)
{
	glob_t names;

	if (glob("/dev/dax[0-9]*", 0, NULL, &names))
		return;
	for (size_t i = 0; i < names.gl_pathc; i++)
		add_path(&survey->dax_devices, &survey->n_dax_devices, names.gl_pathv[i]);
	globfree(&names);
}

int survey_take(struct survey *survey, const char *device, char *const *paths, size_t n)
{
	int ret = 0;

	*survey = (struct survey){ 0 };
	for (size_t i = 0; i < n && !ret; i++)
		ret = add_path(&survey->paths, &survey->n_paths, paths[i]);
	if (!ret)
		ret = survey_devices(survey, device);
	if (!ret) {
		host_query(&survey->host);
		filesystem_for_each(add_mount, survey);
		find_dax_devices(survey);
		return 0;
	}
	survey_free(survey);
	return ret;
}

void survey_free(struct survey *survey)
{
	for (size_t d = 0; d < survey->n_devices; d++) {
		for (size_t p = 0; p < survey->devices[d].n_ports; p++)
			free(survey->devices[d].ports[p].gids);
		free(survey->devices[d].ports);
	}
	free(survey->devices);
	free(survey->mounts);
	free(survey->dax_devices);
	free(survey->paths);
}
