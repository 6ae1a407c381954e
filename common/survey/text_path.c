// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* text_path.c - files, directories and DAX devices as text */
#include "survey/text.h"

static const char *dax_text(const struct path_info *path)
{
	if (path->kind == PATH_DIRECTORY && !path->tried)
		return "not tried";
	if (!path->dax)
		return "no";
	if (path->kind == PATH_DAX_DEVICE)
		return "yes";
	return path->map_sync ? "yes, with MAP_SYNC" : "yes, without MAP_SYNC";
}

static void print_extents(const struct extents *extents, FILE *out)
{
	fprintf(out, "  extents       ");
	if (!extents->known)
		fprintf(out, "unknown: the filesystem has no FIEMAP\n");
	else if (!extents->seen)
		fprintf(out, "none: the file has no blocks\n");
	else
		fprintf(out,
			"%s%u, %u of them fit for 2 MiB pages, %u shared with other "
			"files\n",
			extents->more ? "first " : "", extents->seen, extents->huge,
			extents->shared);
}

static void print_file_facts(const struct path_info *path, FILE *out)
{
	const struct block_device *block = &path->block;

	if (path->mount.point[0])
		fprintf(out, "  filesystem    %s on %s (%s)\n", path->mount.type,
			path->mount.point, path->mount.options);
	else
		fprintf(out, "  filesystem    %s\n", path->mount.type);
	if (!block->known)
		fprintf(out, "  block device  none\n");
	else if (block->mode)
		fprintf(out, "  block device  %s, %s namespace, %s\n", block->name,
			namespace_mode_name(block->mode), block->dax ? "DAX" : "no DAX");
	else
		fprintf(out, "  block device  %s, %s\n", block->name,
			block->dax ? "DAX" : "no DAX");
	if (path->kind == PATH_FILE)
		print_extents(&path->extents, out);
}

void survey_print_path(const struct path_info *path, FILE *out)
{
	const struct diagnosis *diagnosis = dax_diagnosis(path);
	char size[UNITS_TEXT], align[UNITS_TEXT];

	fprintf(out, "%s: %s", path->name, path_kind_name(path->kind));
	if (path->kind == PATH_FILE || path->kind == PATH_DAX_DEVICE)
		fprintf(out, " of %s", survey_size(path->size, size));
	if (path->kind == PATH_DAX_DEVICE)
		fprintf(out, ", mapped by %s", survey_size(path->align, align));
	fprintf(out, "%s\n", path->writable ? "" : ", no permission to write");
	fprintf(out, "  DAX           %s\n", dax_text(path));
	if (diagnosis)
		fprintf(out, "    because     %s\n    remedy      %s\n",
			diagnosis->reason, diagnosis->remedy);
	if (path->kind == PATH_FILE || path->kind == PATH_DIRECTORY)
		print_file_facts(path, out);
	if (path_info_pinning(path) != PINNING_UNKNOWN)
		fprintf(out, "  pinned MRs    %s\n",
			pinning_about(path_info_pinning(path)));
}

static void print_mounts(const struct survey *survey, FILE *out)
{
	struct table *table = table_new("mounted on|type|device|DAX|why not");

	fprintf(out, "\nFilesystems\n");
	for (size_t i = 0; table && i < survey->n_mounts; i++) {
		const struct path_info *path = &survey->mounts[i];
		const struct diagnosis *diagnosis = dax_diagnosis(path);

		table_row(table, "%s|%s|%s|%s|%s", path->name, path->mount.type,
			  path->mount.source, dax_text(path),
			  diagnosis ? diagnosis->reason : "");
	}
	if (survey->n_mounts) {
		survey_show(table, out);
	} else {
		fprintf(out, "  none on a disk or persistent memory\n");
		table_free(table);
	}
}

void survey_print_storage(const struct survey *survey, FILE *out)
{
	struct table *table = table_new("device|>size|>mapped by|access");
	char size[UNITS_TEXT], align[UNITS_TEXT];

	print_mounts(survey, out);
	fprintf(out, "\nDAX devices\n");
	for (size_t i = 0; table && i < survey->n_dax_devices; i++) {
		const struct path_info *path = &survey->dax_devices[i];

		table_row(table, "%s|%s|%s|%s", path->name, survey_size(path->size, size),
			  survey_size(path->align, align),
			  path->writable ? "read and write" : "none");
	}
	if (survey->n_dax_devices) {
		survey_show(table, out);
	} else {
		fprintf(out, "  none\n");
		table_free(table);
	}
}
