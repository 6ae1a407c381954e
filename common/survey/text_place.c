// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* text_place.c - files, directories and DAX devices for people */
#include "survey/text.h"

static const char *dax_text(const struct path_info *path_info)
{
	if (path_info->kind == PLACE_DIRECTORY && !path_info->tried)
		return "not tried";
	if (!path_info->dax)
		return "no";
	if (path_info->kind == PLACE_DAX_DEVICE)
		return "yes";
	return path_info->map_sync ? "yes, with MAP_SYNC" : "yes, without MAP_SYNC";
}

static void print_extents(const struct extents *extents, FILE *out)
{
	fprintf(out, "  extents       ");
	if (!extents->known)
		fprintf(out, "the filesystem does not tell\n");
	else if (!extents->seen)
		fprintf(out, "none: the file has no blocks\n");
	else
		fprintf(out,
			"%s%u, %u of them fit for 2 MiB pages, %u shared with other "
			"files\n",
			extents->more ? "first " : "", extents->seen, extents->huge,
			extents->shared);
}

static void print_file_facts(const struct path_info *path_info, FILE *out)
{
	const struct block_device *block = &path_info->block;

	if (path_info->mount.point[0])
		fprintf(out, "  filesystem    %s on %s (%s)\n", path_info->mount.type,
			path_info->mount.point, path_info->mount.options);
	else
		fprintf(out, "  filesystem    %s\n", path_info->mount.type);
	if (!block->known)
		fprintf(out, "  block device  none\n");
	else if (block->mode)
		fprintf(out, "  block device  %s, %s namespace, %s\n", block->name,
			namespace_mode_name(block->mode), block->dax ? "DAX" : "no DAX");
	else
		fprintf(out, "  block device  %s, %s\n", block->name,
			block->dax ? "DAX" : "no DAX");
	if (path_info->kind == PLACE_FILE)
		print_extents(&path_info->extents, out);
}

void survey_print_place(const struct path_info *path_info, FILE *out)
{
	const struct hindrance *hindrance = dax_diagnosis(path_info);
	char size[UNITS_TEXT], align[UNITS_TEXT];

	fprintf(out, "%s: %s", path_info->path, path_kind_name(path_info->kind));
	if (path_info->kind == PLACE_FILE || path_info->kind == PLACE_DAX_DEVICE)
		fprintf(out, " of %s", survey_size(path_info->size, size));
	if (path_info->kind == PLACE_DAX_DEVICE)
		fprintf(out, ", mapped by %s", survey_size(path_info->align, align));
	fprintf(out, "%s\n", path_info->writable ? "" : ", which you may not write to");
	fprintf(out, "  DAX           %s\n", dax_text(path_info));
	if (hindrance)
		fprintf(out, "    because     %s\n    remedy      %s\n",
			hindrance->reason, hindrance->remedy);
	if (path_info->kind == PLACE_FILE || path_info->kind == PLACE_DIRECTORY)
		print_file_facts(path_info, out);
	if (path_info_pinning(path_info) != PINNING_UNKNOWN)
		fprintf(out, "  pinned MRs    %s\n",
			pinning_about(path_info_pinning(path_info)));
}

static void print_mounts(const struct survey *survey, FILE *out)
{
	struct table *table = table_new("mounted on|type|device|DAX|why not");

	fprintf(out, "\nFilesystems\n");
	for (size_t i = 0; table && i < survey->n_mounts; i++) {
		const struct path_info *path_info = &survey->mounts[i];
		const struct hindrance *hindrance = dax_diagnosis(path_info);

		table_row(table, "%s|%s|%s|%s|%s", path_info->path, path_info->mount.type,
			  path_info->mount.source, dax_text(path_info),
			  hindrance ? hindrance->reason : "");
	}
	if (survey->n_mounts) {
		survey_show(table, out);
	} else {
		fprintf(out, "  none on a disk or on persistent memory\n");
		table_free(table);
	}
}

void survey_print_places(const struct survey *survey, FILE *out)
{
	struct table *table = table_new("device|>size|>mapped by|access");
	char size[UNITS_TEXT], align[UNITS_TEXT];

	print_mounts(survey, out);
	fprintf(out, "\nDAX devices\n");
	for (size_t i = 0; table && i < survey->n_dax_devices; i++) {
		const struct path_info *path_info = &survey->dax_devices[i];

		table_row(table, "%s|%s|%s|%s", path_info->path,
			  survey_size(path_info->size, size),
			  survey_size(path_info->align, align),
			  path_info->writable ? "read and write" : "none");
	}
	if (survey->n_dax_devices) {
		survey_show(table, out);
	} else {
		fprintf(out, "  none\n");
		table_free(table);
	}
}
