// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* json_place.c - a file, a directory or a DAX device for programs */
#include "survey/json.h"

static void add_filesystem(struct json_object *to, const struct place *place)
{
	json_add_text(to, "type", place->mount.type);
	json_add_text(to, "mount_point", place->mount.point);
	json_add_text(to, "source", place->mount.source);
	json_add_text(to, "options", place->mount.options);
	json_add_number(to, "block_bytes", place->block_bytes);
}

static void add_block_device(struct json_object *to, const struct block_device *block)
{
	json_add_text(to, "name", block->name);
	json_add_flag(to, "dax", block->dax);
	json_add_text(to, "namespace_mode",
		      block->mode ? namespace_mode_name(block->mode) : NULL);
}

static void add_extents(struct json_object *to, const struct extents *extents)
{
	json_add_number(to, "seen", extents->seen);
	json_add_flag(to, "more", extents->more);
	json_add_number(to, "huge", extents->huge);
	json_add_number(to, "shared", extents->shared);
}

static void add_hindrance(struct json_object *to, const struct place *place)
{
	const struct hindrance *hindrance = place_hindrance(place);

	json_add_text(to, "reason", hindrance ? hindrance->reason : NULL);
	json_add_text(to, "remedy", hindrance ? hindrance->remedy : NULL);
}

static void add_file_facts(struct json_object *to, const struct place *place)
{
	json_add_flag(to, "map_sync", place->map_sync);
	json_add_flag(to, "dax_flag", place->dax_flag);
	add_filesystem(json_add_object(to, "filesystem"), place);
	if (place->block.known)
		add_block_device(json_add_object(to, "block_device"), &place->block);
	else
		json_add_null(to, "block_device");
	if (place->extents.known)
		add_extents(json_add_object(to, "extents"), &place->extents);
	else
		json_add_null(to, "extents");
}

void survey_json_place(struct json_object *to, const struct place *place)
{
	json_add_text(to, "path", place->path);
	json_add_text(to, "kind", place_kind_name(place->kind));
	json_add_flag(to, "writable", place->writable);
	json_add_flag(to, "dax", place->dax);
	add_hindrance(to, place);
	json_add_text(to, "pinning", pinning_name(place_pinning(place)));
	if (place->kind == PLACE_FILE || place->kind == PLACE_DAX_DEVICE)
		json_add_number(to, "size", place->size);
	if (place->kind == PLACE_DAX_DEVICE)
		json_add_number(to, "align", place->align);
	if (place->kind == PLACE_FILE || place->kind == PLACE_DIRECTORY)
		add_file_facts(to, place);
}
