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
		.kind = PATH_FILE,
		.tried = true,
		.block_bytes = PAGE_BYTES,
		.mount = { .point = "/mnt", .type = "ext4", .options = "rw,dax=always" },
		.block = { .known = true, .dax = true, .mode = NAMESPACE_FSDAX },
	};
}

static void named(const struct path_info *path, const char *word)
{
	const struct diagnosis *diagnosis = dax_diagnosis(path);

	assert_non_null(diagnosis);
	if (!strstr(diagnosis->reason, word))
		fail_msg("\"%s\" expected, not: %s", word, diagnosis->reason);
	assert_true(strlen(diagnosis->remedy) > 0);
}

static void none__on_dax(void **state)
{
	struct path_info path = good();

	path.dax = true;
	assert_null(dax_diagnosis(&path));
}

static void kind__no_file(void **state)
{
	struct path_info path = good();

	path.kind = PATH_BLOCK_DEVICE;
	named(&path, "block device");
	path.kind = PATH_OTHER;
	named(&path, "neither a file");
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
		struct path_info path = good();

		snprintf(path.mount.type, sizeof(path.mount.type), "%s", rows[i].type);
		named(&path, rows[i].word);
	}
}

static void device__without_dax(void **state)
{
	struct path_info path = good();

	path.block.dax = false;
	path.block.mode = NAMESPACE_SECTOR;
	named(&path, "sector mode");
	path.block.mode = NAMESPACE_RAW;
	named(&path, "raw mode");
	path.block.mode = NAMESPACE_NONE;
	named(&path, "not persistent memory");
}

/* Memory that the firmware or memmap= declares: no label, but page structures. */
static void device__raw_with_dax(void **state)
{
	struct path_info path = good();

	path.block.mode = NAMESPACE_RAW;
	named(&path, "the reason is unknown");
}

static void mount__without_dax(void **state)
{
	static const struct {
		const char *options, *word;
	} rows[] = {
		{ "rw,dax=never", "dax=never" },
		{ "rw,data=journal,dax=always", "data=journal" },
		{ "rw,relatime", "it is not mounted" },
		{ "rw,dax=inode", "it is not mounted" },
		{ "rw,dax", "the reason is unknown" },
		{ "rw,dax=always", "the reason is unknown" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct path_info path = good();

		snprintf(path.mount.options, sizeof(path.mount.options), "%s",
			 rows[i].options);
		named(&path, rows[i].word);
	}
}

static void mount__out_of_sight(void **state)
{
	struct path_info path = good();

	path.mount.point[0] = path.mount.options[0] = '\0';
	named(&path, "cannot be seen");
}

static void file__without_dax(void **state)
{
	struct path_info path = good();

	path.block_bytes = KiB(1);
	named(&path, "is not 4096 bytes");
	path = good();
	path.encrypted = true;
	named(&path, "encrypted");
	path = good();
	path.verity = true;
	named(&path, "fs-verity");
	path = good();
	strcpy(path.mount.options, "rw");
	path.dax_flag = true;
	named(&path, "FS_XFLAG_DAX is set");
}

static void directory__not_tried(void **state)
{
	struct path_info path = good();

	path.kind = PATH_DIRECTORY;
	path.tried = false;
	named(&path, "no file can be created");
}

/* The first remedy comes first: a mount option is no use on a disk. */
static void order__device_before_mount(void **state)
{
	struct path_info path = good();

	path.block = (struct block_device){ .known = true };
	strcpy(path.mount.options, "rw,dax=never");
	path.block_bytes = KiB(1);
	named(&path, "not persistent memory");
}

static void pinning__by_kind(void **state)
{
	struct path_info path = good();

	assert_int_equal(path_info_pinning(&path), PINNING_READ_ONLY);
	path.dax = true;
	assert_int_equal(path_info_pinning(&path), PINNING_REFUSED);
	path = good();
	strcpy(path.mount.type, "tmpfs");
	assert_int_equal(path_info_pinning(&path), PINNING_ACCEPTED);
	path.tried = false;
	assert_int_equal(path_info_pinning(&path), PINNING_UNKNOWN);
	path.kind = PATH_DAX_DEVICE;
	assert_int_equal(path_info_pinning(&path), PINNING_ACCEPTED);
	path.kind = PATH_OTHER;
	assert_int_equal(path_info_pinning(&path), PINNING_UNKNOWN);
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
	return cmocka_run_group_tests_name("diagnosis", tests, NULL, NULL);
}
