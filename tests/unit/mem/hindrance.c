// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* hindrance.c - each thing that keeps a file from DAX is the one that is named */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/util.h"
#include "mem/place.h"

/* A file that should be on DAX, and is not: nothing known stands in its way. */
static struct place good(void)
{
	return (struct place){
		.kind = PLACE_FILE,
		.tried = true,
		.block_bytes = PAGE_BYTES,
		.mount = { .point = "/mnt", .type = "ext4", .options = "rw,dax=always" },
		.block = { .known = true, .dax = true, .mode = NAMESPACE_FSDAX },
	};
}

static void named(const struct place *place, const char *word)
{
	const struct hindrance *hindrance = place_hindrance(place);

	assert_non_null(hindrance);
	if (!strstr(hindrance->reason, word))
		fail_msg("\"%s\" expected, not: %s", word, hindrance->reason);
	assert_true(strlen(hindrance->remedy) > 0);
}

static void none__on_dax(void **state)
{
	struct place place = good();

	(void)state;
	place.dax = true;
	assert_null(place_hindrance(&place));
}

static void kind__no_file(void **state)
{
	struct place place = good();

	(void)state;
	place.kind = PLACE_BLOCK_DEVICE;
	named(&place, "block device");
	place.kind = PLACE_OTHER;
	named(&place, "neither a file");
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

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct place place = good();

		snprintf(place.mount.type, sizeof(place.mount.type), "%s", rows[i].type);
		named(&place, rows[i].word);
	}
}

static void device__without_dax(void **state)
{
	struct place place = good();

	(void)state;
	place.block.dax = false;
	place.block.mode = NAMESPACE_SECTOR;
	named(&place, "sector mode");
	place.block.mode = NAMESPACE_RAW;
	named(&place, "raw mode");
	place.block.mode = NAMESPACE_NONE;
	named(&place, "no persistent memory");
}

/* Memory that the firmware or memmap= declares: no label, but page structures. */
static void device__raw_with_dax(void **state)
{
	struct place place = good();

	(void)state;
	place.block.mode = NAMESPACE_RAW;
	named(&place, "does not say");
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

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct place place = good();

		snprintf(place.mount.options, sizeof(place.mount.options), "%s",
			 rows[i].options);
		named(&place, rows[i].word);
	}
}

static void mount__out_of_sight(void **state)
{
	struct place place = good();

	(void)state;
	place.mount.point[0] = place.mount.options[0] = '\0';
	named(&place, "cannot be seen");
}

static void file__without_dax(void **state)
{
	struct place place = good();

	(void)state;
	place.block_bytes = KiB(1);
	named(&place, "not of 4096 bytes");
	place = good();
	place.encrypted = true;
	named(&place, "encrypted");
	place = good();
	place.verity = true;
	named(&place, "fs-verity");
	place = good();
	strcpy(place.mount.options, "rw");
	place.dax_flag = true;
	named(&place, "FS_XFLAG_DAX is set");
}

static void directory__not_tried(void **state)
{
	struct place place = good();

	(void)state;
	place.kind = PLACE_DIRECTORY;
	place.tried = false;
	named(&place, "no file can be made");
}

/* What is remedied first is named first: a mount option helps nobody on a disk. */
static void order__device_before_mount(void **state)
{
	struct place place = good();

	(void)state;
	place.block = (struct block_device){ .known = true };
	strcpy(place.mount.options, "rw,dax=never");
	place.block_bytes = KiB(1);
	named(&place, "no persistent memory");
}

static void pinning__by_kind(void **state)
{
	struct place place = good();

	(void)state;
	assert_int_equal(place_pinning(&place), PINNING_READ_ONLY);
	place.dax = true;
	assert_int_equal(place_pinning(&place), PINNING_REFUSED);
	place = good();
	strcpy(place.mount.type, "tmpfs");
	assert_int_equal(place_pinning(&place), PINNING_ACCEPTED);
	place.tried = false;
	assert_int_equal(place_pinning(&place), PINNING_UNKNOWN);
	place.kind = PLACE_DAX_DEVICE;
	assert_int_equal(place_pinning(&place), PINNING_ACCEPTED);
	place.kind = PLACE_OTHER;
	assert_int_equal(place_pinning(&place), PINNING_UNKNOWN);
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
