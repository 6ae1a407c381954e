// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* text_place.c - files, directories and DAX devices for people */
#include "survey/text.h"

static const char *dax_text(const struct place *place)
{
	if (place->kind == PLACE_DIRECTORY && !place->tried)
		return "not tried";
	if (!place->dax)
		return "no";
	if (place->kind == PLACE_DAX_DEVICE)
		return "yes";
	return place->map_sync ? "yes, with MAP_SYNC" : "yes, without MAP_SYNC";
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

static void print_file_facts(const struct place *place, FILE *out)
{
	const struct block_device *block = &place->block;

	if (place->mount.point[0])
		fprintf(out, "  filesystem    %s on %s (%s)\n", place->mount.type,
			place->mount.point, place->mount.options);
	else
		fprintf(out, "  filesystem    %s\n", place->mount.type);
	if (!block->known)
		fprintf(out, "  block device  none\n");
	else if (block->mode)
		fprintf(out, "  block device  %s, %s namespace, %s\n", block->name,
			namespace_mode_name(block->mode), block->dax ? "DAX" : "no DAX");
	else
		fprintf(out, "  block device  %s, %s\n", block->name,
			block->dax ? "DAX" : "no DAX");
	if (place->kind == PLACE_FILE)
		print_extents(&place->extents, out);
}

void survey_print_place(const struct place *place, FILE *out)
{
	const struct hindrance *hindrance = place_hindrance(place);
	char size[UNITS_TEXT], align[UNITS_TEXT];

	fprintf(out, "%s: %s", place->path, place_kind_name(place->kind));
	if (place->kind == PLACE_FILE || place->kind == PLACE_DAX_DEVICE)
		fprintf(out, " of %s", survey_size(place->size, size));
	if (place->kind == PLACE_DAX_DEVICE)
		fprintf(out, ", mapped by %s", survey_size(place->align, align));
	fprintf(out, "%s\n", place->writable ? "" : ", which you may not write to");
	fprintf(out, "  DAX           %s\n", dax_text(place));
	if (hindrance)
		fprintf(out, "    because     %s\n    remedy      %s\n",
			hindrance->reason, hindrance->remedy);
	if (place->kind == PLACE_FILE || place->kind == PLACE_DIRECTORY)
		print_file_facts(place, out);
	if (place_pinning(place) != PINNING_UNKNOWN)
		fprintf(out, "  pinned MRs    %s\n", pinning_about(place_pinning(place)));
}

static void print_mounts(const struct survey *survey, FILE *out)
{
	struct table *table = table_new("mounted on|type|device|DAX|why not");

	fprintf(out, "\nFilesystems\n");
	for (size_t i = 0; table && i < survey->n_mounts; i++) {
		const struct place *place = &survey->mounts[i];
		const struct hindrance *hindrance = place_hindrance(place);

		table_row(table, "%s|%s|%s|%s|%s", place->path, place->mount.type,
			  place->mount.source, dax_text(place),
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
		const struct place *place = &survey->dax_devices[i];

		table_row(table, "%s|%s|%s|%s", place->path,
			  survey_size(place->size, size),
			  survey_size(place->align, align),
			  place->writable ? "read and write" : "none");
	}
	if (survey->n_dax_devices) {
		survey_show(table, out);
	} else {
		fprintf(out, "  none\n");
		table_free(table);
	}
}
