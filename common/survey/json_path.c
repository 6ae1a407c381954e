// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* json_path.c - a file, a directory or a DAX device for programs */
#include "survey/json.h"

static void add_filesystem(struct json_object *to, const struct path_info *path)
{
	json_add_text(to, "type", path->mount.type);
	json_add_text(to, "mount_point", path->mount.point);
	json_add_text(to, "source", path->mount.source);
	json_add_text(to, "options", path->mount.options);
	json_add_number(to, "block_bytes", path->block_bytes);
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

static void add_diagnosis(struct json_object *to, const struct path_info *path)
{
	const struct diagnosis *diagnosis = dax_diagnosis(path);

	json_add_text(to, "reason", diagnosis ? diagnosis->reason : NULL);
	json_add_text(to, "remedy", diagnosis ? diagnosis->remedy : NULL);
}

static void add_file_facts(struct json_object *to, const struct path_info *path)
{
	json_add_flag(to, "map_sync", path->map_sync);
	json_add_flag(to, "dax_flag", path->dax_flag);
	add_filesystem(json_add_object(to, "filesystem"), path);
	if (path->block.known)
		add_block_device(json_add_object(to, "block_device"), &path->block);
	else
		json_add_null(to, "block_device");
	if (path->extents.known)
		add_extents(json_add_object(to, "extents"), &path->extents);
	else
		json_add_null(to, "extents");
}

void survey_json_path(struct json_object *to, const struct path_info *path)
{
	json_add_text(to, "path", path->name);
	json_add_text(to, "kind", path_kind_name(path->kind));
	json_add_flag(to, "writable", path->writable);
	json_add_flag(to, "dax", path->dax);
	add_diagnosis(to, path);
	json_add_text(to, "pinning", pinning_name(path_info_pinning(path)));
	if (path->kind == PATH_FILE || path->kind == PATH_DAX_DEVICE)
		json_add_number(to, "size", path->size);
	if (path->kind == PATH_DAX_DEVICE)
		json_add_number(to, "align", path->align);
	if (path->kind == PATH_FILE || path->kind == PATH_DIRECTORY)
		add_file_facts(to, path);
}
