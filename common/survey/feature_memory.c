// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* feature_memory.c - features of the host's memory, media and filesystems */
#include "base/util.h"
#include "invalidation/host_features.h"
#include "region/pmem.h"
#include "survey/feature_judge.h"

static bool in_filesystem(const struct path_info *path)
{
	return path->kind == PATH_FILE || path->kind == PATH_DIRECTORY;
}

static bool is_fsdax(const struct path_info *path)
{
	return in_filesystem(path) && path->dax;
}

static bool is_fsdax_sync(const struct path_info *path)
{
	return is_fsdax(path) && path->map_sync;
}

static bool could_be_fsdax(const struct path_info *path)
{
	return in_filesystem(path) && path->block.mode != NAMESPACE_NONE;
}

static const struct path_info *first(const struct path_info *paths, size_t n,
				     bool (*fits)(const struct path_info *path))
{
	for (size_t i = 0; i < n; i++)
		if (fits(&paths[i]))
			return &paths[i];
	return NULL;
}

/* If the user named a file, only that file counts, not the other filesystems. */
static const struct path_info *find_path(const struct survey *survey,
					 bool (*fits)(const struct path_info *path))
{
	if (first(survey->paths, survey->n_paths, in_filesystem))
		return first(survey->paths, survey->n_paths, fits);
	return first(survey->mounts, survey->n_mounts, fits);
}

/* The path to report if none is on DAX. */
static const struct path_info *find_candidate(const struct survey *survey)
{
	const struct path_info *named =
		first(survey->paths, survey->n_paths, in_filesystem);

	return named ? named : first(survey->mounts, survey->n_mounts, could_be_fsdax);
}

void judge_fsdax(const struct feature *feature, const struct survey *survey,
		 const struct survey_device *device, struct readiness *readiness)
{
	const struct path_info *path = find_path(survey, is_fsdax);
	const struct diagnosis *diagnosis;

	if (path) {
		readiness_yes(readiness, "%s on %s", path->mount.type, path->name);
		return;
	}
	path = find_candidate(survey);
	if (!path) {
		readiness_no(readiness,
			     "mount ext4 or xfs with -o dax=always from an fsdax "
			     "namespace, or use the testbed",
			     "no filesystem is mounted from persistent memory");
		return;
	}
	diagnosis = dax_diagnosis(path);
	readiness_no(readiness, diagnosis->remedy, "%s: %s", path->name,
		     diagnosis->reason);
}

void judge_persistence(const struct feature *feature, const struct survey *survey,
		       const struct survey_device *device, struct readiness *readiness)
{
	const struct path_info *path = find_path(survey, is_fsdax_sync);

	if (path)
		readiness_yes(readiness, "%s takes MAP_SYNC; flushed by %s", path->name,
			      pmem_library());
	else if (find_path(survey, is_fsdax))
		readiness_no(readiness, "use an NVDIMM; virtio-pmem needs fsync",
			     "%s is DAX, but refuses MAP_SYNC",
			     find_path(survey, is_fsdax)->name);
	else
		readiness_no(readiness, "", "needs fsdax");
}

void judge_devdax(const struct feature *feature, const struct survey *survey,
		  const struct survey_device *device, struct readiness *readiness)
{
	for (size_t i = 0; i < survey->n_dax_devices; i++)
		if (survey->dax_devices[i].writable) {
			readiness_yes(readiness,
				      "%s; tests use it where it is named "
				      "(--devdax)",
				      survey->dax_devices[i].name);
			return;
		}
	if (survey->n_dax_devices)
		readiness_no(readiness, "run as root, or give yourself access to it",
			     "no permission to read and write %s",
			     survey->dax_devices[0].name);
	else
		readiness_no(readiness,
			     "ndctl create-namespace -m devdax, or use the testbed",
			     "there is no DAX device");
}

void judge_hugetlb(const struct feature *feature, const struct survey *survey,
		   const struct survey_device *device, struct readiness *readiness)
{
	const struct host_lack *lack = host_feature_lack(HOST_HUGE_PAGES);
	const struct host *host = &survey->host;

	for (unsigned int i = 0; i < host->huge_sizes; i++)
		if (host->huge[i].bytes == MiB(2) &&
		    host->huge[i].free >= HOST_HUGE_PAGES_LEAST) {
			readiness_yes(readiness, "%llu pages are free",
				      (unsigned long long)host->huge[i].free);
			return;
		}
	readiness_no(readiness, lack->remedy, "%s", lack->what);
}
