// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* dax_diagnosis.c - each thing that keeps a file from DAX is the one that is named */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/util.h"
#include "storage/path_info.h"

/* A file that should be on DAX, and is not: nothing known stands in its way. */
static struct path_info good(void)
{
	return (struct path_info){
		.kind = PLACE_FILE,
		.tried = true,
		.block_bytes = PAGE_BYTES,
		.mount = { .point = "/mnt", .type = "ext4", .options = "rw,dax=always" },
		.block = { .known = true, .dax = true, .mode = NAMESPACE_FSDAX },
	};
}

static void named(const struct path_info *path_info, const char *word)
{
	const struct hindrance *hindrance = dax_diagnosis(path_info);

	assert_non_null(hindrance);
	if (!strstr(hindrance->reason, word))
		fail_msg("\"%s\" expected, not: %s", word, hindrance->reason);
	assert_true(strlen(hindrance->remedy) > 0);
}

static void none__on_dax(void **state)
{
	struct path_info path_info = good();

	path_info.dax = true;
	assert_null(dax_diagnosis(&path_info));
}

static void kind__no_file(void **state)
{
	struct path_info path_info = good();

	path_info.kind = PLACE_BLOCK_DEVICE;
	named(&path_info, "block device");
	path_info.kind = PLACE_OTHER;
	named(&path_info, "neither a file");
}

static void filesystem__without_dax(void **state)
{
	static const struct {
		const char *type, *word;
	} rows[] = {
		{ "tmpfs", "in memory" },
		{ "hugetlbfs", "in memory" },
		{ "btrfs", "has no DAX" },
		{ "overlay", "has no DAX" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct path_info path_info = good();

		snprintf(path_info.mount.type, sizeof(path_info.mount.type), "%s",
			 rows[i].type);
		named(&path_info, rows[i].word);
	}
}

static void device__without_dax(void **state)
{
	struct path_info path_info = good();

	path_info.block.dax = false;
	path_info.block.mode = NAMESPACE_SECTOR;
	named(&path_info, "sector mode");
	path_info.block.mode = NAMESPACE_RAW;
	named(&path_info, "raw mode");
	path_info.block.mode = NAMESPACE_NONE;
	named(&path_info, "no persistent memory");
}

/* Memory that the firmware or memmap= declares: no label, but page structures. */
static void device__raw_with_dax(void **state)
{
	struct path_info path_info = good();

	path_info.block.mode = NAMESPACE_RAW;
	named(&path_info, "does not say");
}

static void mount__without_dax(void **state)
{
	static const struct {
		const char *options, *word;
	} rows[] = {
		{ "rw,dax=never", "dax=never" },
		{ "rw,data=journal,dax=always", "data=journal" },
		{ "rw,relatime", "neither is it mounted" },
		{ "rw,dax=inode", "neither is it mounted" },
		{ "rw,dax", "does not say" },
		{ "rw,dax=always", "does not say" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct path_info path_info = good();

		snprintf(path_info.mount.options, sizeof(path_info.mount.options), "%s",
			 rows[i].options);
		named(&path_info, rows[i].word);
	}
}

static void mount__out_of_sight(void **state)
{
	struct path_info path_info = good();

	path_info.mount.point[0] = path_info.mount.options[0] = '\0';
	named(&path_info, "cannot be seen");
}

static void file__without_dax(void **state)
{
	struct path_info path_info = good();

	path_info.block_bytes = KiB(1);
	named(&path_info, "not of 4096 bytes");
	path_info = good();
	path_info.encrypted = true;
	named(&path_info, "encrypted");
	path_info = good();
	path_info.verity = true;
	named(&path_info, "fs-verity");
	path_info = good();
	strcpy(path_info.mount.options, "rw");
	path_info.dax_flag = true;
	named(&path_info, "FS_XFLAG_DAX is set");
}

static void directory__not_tried(void **state)
{
	struct path_info path_info = good();

	path_info.kind = PLACE_DIRECTORY;
	path_info.tried = false;
	named(&path_info, "no file can be made");
}

/* What is remedied first is named first: a mount option helps nobody on a disk. */
static void order__device_before_mount(void **state)
{
	struct path_info path_info = good();

	path_info.block = (struct block_device){ .known = true };
	strcpy(path_info.mount.options, "rw,dax=never");
	path_info.block_bytes = KiB(1);
	named(&path_info, "no persistent memory");
}

static void pinning__by_kind(void **state)
{
	struct path_info path_info = good();

	assert_int_equal(path_info_pinning(&path_info), PINNING_READ_ONLY);
	path_info.dax = true;
	assert_int_equal(path_info_pinning(&path_info), PINNING_REFUSED);
	path_info = good();
	strcpy(path_info.mount.type, "tmpfs");
	assert_int_equal(path_info_pinning(&path_info), PINNING_ACCEPTED);
	path_info.tried = false;
	assert_int_equal(path_info_pinning(&path_info), PINNING_UNKNOWN);
	path_info.kind = PLACE_DAX_DEVICE;
	assert_int_equal(path_info_pinning(&path_info), PINNING_ACCEPTED);
	path_info.kind = PLACE_OTHER;
	assert_int_equal(path_info_pinning(&path_info), PINNING_UNKNOWN);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(none__on_dax),
	cmocka_unit_test(kind__no_file),
	cmocka_unit_test(filesystem__without_dax),
	cmocka_unit_test(device__without_dax),
	cmocka_unit_test(device__raw_with_dax),
	cmocka_unit_test(mount__without_dax),
	cmocka_unit_test(mount__out_of_sight),
	cmocka_unit_test(file__without_dax),
	cmocka_unit_test(directory__not_tried),
	cmocka_unit_test(order__device_before_mount),
	cmocka_unit_test(pinning__by_kind),
};

int main(void)
{
	return cmocka_run_group_tests_name("hindrance", tests, NULL, NULL);
}
