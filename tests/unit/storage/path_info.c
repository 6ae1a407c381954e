// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* path_info.c - paths of every kind are looked at, and none is waited for */
#include "storage/path_info.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture.h"

#include <cmocka.h>

static char folder[] = "/dev/shm/odplab-path-XXXXXX";
static struct path_info path;

static int make_folder(void **state)
{
	return mkdtemp(folder) && !chdir(folder) ? 0 : -1;
}

/* Fails where looking has left a file. */
static int remove_folder(void **state)
{
	return chdir("/") || rmdir(folder);
}

static void refused(const char *name, int error)
{
	struct capture log = capture_start(stderr);
	int ret = path_info_inspect(name, &path);
	char text[512];

	capture_end(&log, text, sizeof(text));
	assert_int_equal(ret, error);
	assert_non_null(strstr(text, "error: "));
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
}

static void inspect__missing(void **state)
{
	char name[PATH_MAX + 8];

	refused("missing", -ENOENT);
	refused("", -ENOENT);
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	refused(name, -ENAMETOOLONG);
}

static void inspect__directory(void **state)
{
	assert_int_equal(path_info_inspect(".", &path), 0);
	assert_int_equal(path.kind, PATH_DIRECTORY);
	assert_true(path.tried);
	assert_true(path.writable);
	assert_false(path.dax);
	assert_string_equal(path.mount.type, "tmpfs");
}

static void inspect__file(void **state)
{
	FILE *file = fopen("f", "w");

	assert_non_null(file);
	fputs("12345", file);
	fclose(file);
	assert_int_equal(path_info_inspect("f", &path), 0);
	unlink("f");
	assert_int_equal(path.kind, PATH_FILE);
	assert_int_equal(path.size, 5);
	assert_false(path.dax);
	assert_false(path.map_sync);
}

/* Opening a FIFO for reading waits for a writer. */
static void inspect__fifo(void **state)
{
	assert_int_equal(mkfifo("p", 0600), 0);
	alarm(10);
	assert_int_equal(path_info_inspect("p", &path), 0);
	alarm(0);
	unlink("p");
	assert_int_equal(path.kind, PATH_OTHER);
	assert_string_equal(path.mount.type, ""); /* never opened */
}

static void inspect__no_dax_device(void **state)
{
	assert_int_equal(path_info_inspect("/dev/null", &path), 0);
	assert_int_equal(path.kind, PATH_OTHER);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(inspect__missing),	  cmocka_unit_test(inspect__directory),
	cmocka_unit_test(inspect__file),	  cmocka_unit_test(inspect__fifo),
	cmocka_unit_test(inspect__no_dax_device),
};

int main(void)
{
	return cmocka_run_group_tests_name("place", tests, make_folder, remove_folder);
}
