// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* json_place.c - a file, a directory or a DAX device for programs */
#include "survey/json.h"

static void add_filesystem(struct json_object *to, const struct path_info *path_info)
{
	json_add_text(to, "type", path_info->mount.type);
	json_add_text(to, "mount_point", path_info->mount.point);
	json_add_text(to, "source", path_info->mount.source);
	json_add_text(to, "options", path_info->mount.options);
	json_add_number(to, "block_bytes", path_info->block_bytes);
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

static void add_hindrance(struct json_object *to, const struct path_info *path_info)
{
	const struct hindrance *hindrance = dax_diagnosis(path_info);

	json_add_text(to, "reason", hindrance ? hindrance->reason : NULL);
	json_add_text(to, "remedy", hindrance ? hindrance->remedy : NULL);
}

static void add_file_facts(struct json_object *to, const struct path_info *path_info)
{
	json_add_flag(to, "map_sync", path_info->map_sync);
	json_add_flag(to, "dax_flag", path_info->dax_flag);
	add_filesystem(json_add_object(to, "filesystem"), path_info);
	if (path_info->block.known)
		add_block_device(json_add_object(to, "block_device"), &path_info->block);
	else
		json_add_null(to, "block_device");
	if (path_info->extents.known)
		add_extents(json_add_object(to, "extents"), &path_info->extents);
	else
		json_add_null(to, "extents");
}

void survey_json_place(struct json_object *to, const struct path_info *path_info)
{
	json_add_text(to, "path", path_info->path);
	json_add_text(to, "kind", path_kind_name(path_info->kind));
	json_add_flag(to, "writable", path_info->writable);
	json_add_flag(to, "dax", path_info->dax);
	add_hindrance(to, path_info);
	json_add_text(to, "pinning", pinning_name(path_info_pinning(path_info)));
	if (path_info->kind == PLACE_FILE || path_info->kind == PLACE_DAX_DEVICE)
		json_add_number(to, "size", path_info->size);
	if (path_info->kind == PLACE_DAX_DEVICE)
		json_add_number(to, "align", path_info->align);
	if (path_info->kind == PLACE_FILE || path_info->kind == PLACE_DIRECTORY)
		add_file_facts(to, path_info);
}
