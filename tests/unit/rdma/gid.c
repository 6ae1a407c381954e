// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* gid.c - the list of a port's addresses, as libibverbs has them */
#include "rdma/verbs/gid.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "capture.h"
#include "mock_verbs.h"
#include "rdma/device.h"

static struct rdma_device device;

/* The network device 7 is eth7; others are gone. */
char *__wrap_if_indextoname(unsigned int index, char *name);
char *__wrap_if_indextoname(unsigned int index, char *name)
{
	strcpy(name, "eth7");
	return index == 7 ? name : NULL;
}

static int setup(void **state)
{
	mock_reset();
	assert_int_equal(rdma_device_open(&device, &mock_spec), 0);
	return 0;
}

static int teardown(void **state)
{
	rdma_device_close(&device);
	assert_int_equal(mock.open, 0);
	return 0;
}

static void list__of_all_entries(void **state)
{
	struct rdma_gid *gids;

	mock.netdev = 7;
	assert_int_equal(rdma_gid_list(&device, 1, &gids), 3);
	for (unsigned int i = 0; i < 3; i++) {
		assert_int_equal(gids[i].index, i);
		assert_string_equal(gids[i].type, "RoCE v2");
		assert_string_equal(gids[i].netdev, "eth7");
	}
	assert_string_equal(gids[0].text, "::");
	assert_string_equal(gids[2].text, "::ffff:0.0.0.0");
	free(gids);
}

/* An entry that is empty cannot be queried. */
static void list__without_empty_entries(void **state)
{
	struct rdma_gid *gids;

	mock.empty_gids = 1 << 0 | 1 << 1;
	assert_int_equal(rdma_gid_list(&device, 1, &gids), 1);
	assert_int_equal(gids[0].index, 2);
	assert_string_equal(gids[0].text, "::ffff:0.0.0.0");
	free(gids);
	mock.empty_gids = ~0u;
	assert_int_equal(rdma_gid_list(&device, 1, &gids), 0);
	free(gids);
}

static void list__of_each_type(void **state)
{
	static const struct {
		unsigned int type; /* enum ibv_gid_type: 0, 1, 2, and one of tomorrow */
		const char *name;
	} rows[] = {
		{ IBV_GID_TYPE_IB, "IB" },
		{ IBV_GID_TYPE_ROCE_V1, "RoCE v1" },
		{ IBV_GID_TYPE_ROCE_V2, "RoCE v2" },
		{ IBV_GID_TYPE_ROCE_V2 + 1, "unknown" },
	};
	struct rdma_gid *gids;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mock.gid_type = (enum ibv_gid_type)rows[i].type;
		assert_int_equal(rdma_gid_list(&device, 1, &gids), 3);
		assert_string_equal(gids[0].type, rows[i].name);
		free(gids);
	}
}

static void list__without_a_network_device(void **state)
{
	static const unsigned int netdevs[] = { 0, 8 };
	struct rdma_gid *gids;

	for (size_t i = 0; i < sizeof(netdevs) / sizeof(netdevs[0]); i++) {
		mock.netdev = netdevs[i];
		assert_int_equal(rdma_gid_list(&device, 1, &gids), 3);
		assert_string_equal(gids[0].netdev, "");
		free(gids);
	}
}

static void list__of_no_port(void **state)
{
	struct rdma_gid *gids = NULL;
	struct capture c;
	char text[256];
	int ret;

	mock.fail_at = mock.calls + 1;
	mock.error = EINVAL;
	c = capture_start(stderr);
	ret = rdma_gid_list(&device, 9, &gids);
	capture_end(&c, text, sizeof(text));
	assert_int_equal(ret, -EINVAL);
	assert_non_null(strstr(text, "mock1: query port 9"));
	assert_null(gids);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static const struct CMUnitTest tests[] = {
	TEST(list__of_all_entries), TEST(list__without_empty_entries),
	TEST(list__of_each_type),   TEST(list__without_a_network_device),
	TEST(list__of_no_port),
};

int main(void)
{
	return cmocka_run_group_tests_name("gid", tests, NULL, NULL);
}
