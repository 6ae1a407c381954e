// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * advise.c - soft-RoCE's prefetch by the uverbs ioctl, where the library has none
 *
 * What the kernel takes is in include/uapi/rdma/rdma_user_ioctl_cmds.h and
 * drivers/infiniband/core/uverbs_std_types_mr.c, UVERBS_METHOD_ADVISE_MR.
 */
#include <errno.h>
#include <rdma/ib_user_ioctl_cmds.h>
#include <rdma/rdma_user_ioctl_cmds.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "mock_verbs.h"
#include "rdma/mr.h"
#include "rdma/qp.h"
#include "rdma/verbs/internal.h"

static struct rdma_device device;
static const struct rdma_sge ranges[] = { { 0x1000, 0x2000, 3 }, { 0x4000, 0x5000, 6 } };

/* ---- the kernel ---- */

static struct {
	unsigned int calls;
	int fd, error;
	struct ib_uverbs_attr attr[4];
	struct ibv_sge sge[2];
	struct ib_uverbs_ioctl_hdr header; /* the attributes would follow it */
} uverbs;

int __wrap_ioctl(int fd, unsigned long request, void *argument);
int __wrap_ioctl(int fd, unsigned long request, void *argument)
{
	const unsigned char *call = argument;

	assert_true(request == RDMA_VERBS_IOCTL);
	uverbs.calls++;
	uverbs.fd = fd;
	memcpy(&uverbs.header, call, sizeof(uverbs.header));
	assert_int_equal(uverbs.header.length,
			 sizeof(uverbs.header) + sizeof(uverbs.attr));
	memcpy(uverbs.attr, call + sizeof(uverbs.header), sizeof(uverbs.attr));
	assert_true(uverbs.attr[3].len <= sizeof(uverbs.sge));
	memcpy(uverbs.sge, (void *)(uintptr_t)uverbs.attr[3].data, uverbs.attr[3].len);
	errno = uverbs.error;
	return uverbs.error ? -1 : 0;
}

static int setup(void **state)
{
	mock_reset();
	memset(&uverbs, 0, sizeof(uverbs));
	assert_int_equal(rdma_device_open(&device, &mock_spec), 0);
	strcpy(device.driver, "rxe");
	verbs_device(&device)->pd->handle = 0x55;
	verbs_device(&device)->context->cmd_fd = 77;
	mock.fail_at = mock.calls + 1;
	mock.error = EOPNOTSUPP;
	return 0;
}

static int teardown(void **state)
{
	rdma_device_close(&device);
	assert_int_equal(mock.open, 0);
	return 0;
}

static void is_attribute(unsigned int i, uint16_t id, uint16_t len, uint64_t data)
{
	assert_int_equal(uverbs.attr[i].attr_id, id);
	assert_int_equal(uverbs.attr[i].len, len);
	assert_int_equal(uverbs.attr[i].flags, UVERBS_ATTR_F_MANDATORY);
	assert_int_equal(uverbs.attr[i].attr_data.reserved, 0);
	if (data)
		assert_int_equal(uverbs.attr[i].data, data);
}

static void advise__as_the_kernel_takes_it(void **state)
{
	assert_int_equal(rdma_mr_advise(&device, MR_PREFETCH_WRITE, true, ranges, 2), 0);
	assert_int_equal(uverbs.fd, 77);
	assert_int_equal(uverbs.header.object_id, UVERBS_OBJECT_MR);
	assert_int_equal(uverbs.header.method_id, UVERBS_METHOD_ADVISE_MR);
	assert_int_equal(uverbs.header.num_attrs, 4);
	assert_int_equal(uverbs.header.driver_id, RDMA_DRIVER_RXE);
	is_attribute(0, UVERBS_ATTR_ADVISE_MR_PD_HANDLE, 0, 0x55);
	is_attribute(1, UVERBS_ATTR_ADVISE_MR_ADVICE, 8,
		     IBV_ADVISE_MR_ADVICE_PREFETCH_WRITE);
	is_attribute(2, UVERBS_ATTR_ADVISE_MR_FLAGS, 4, IBV_ADVISE_MR_FLAG_FLUSH);
	is_attribute(3, UVERBS_ATTR_ADVISE_MR_SGE_LIST, 2 * 16, 0);
	assert_int_equal(uverbs.sge[0].addr, 0x1000);
	assert_int_equal(uverbs.sge[1].addr, 0x4000);
	assert_int_equal(uverbs.sge[1].length, 0x5000);
	assert_int_equal(uverbs.sge[1].lkey, 6);
}

/*
 * An ioctl or an attribute that the kernel does not know means that it has no prefetch.
 */
static void advise__refused_by_the_kernel(void **state)
{
	static const struct {
		int error, ret;
	} rows[] = {
		{ ENOTTY, -EOPNOTSUPP },
		{ EPROTONOSUPPORT, -EOPNOTSUPP },
		{ EFAULT, -EFAULT },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mock.fail_at = mock.calls + 1;
		uverbs.error = rows[i].error;
		assert_int_equal(rdma_mr_advise(&device, MR_PREFETCH, false, ranges, 1),
				 rows[i].ret);
	}
}

static void advise__by_the_library_where_it_can(void **state)
{
	mock.error = EFAULT;
	assert_int_equal(rdma_mr_advise(&device, MR_PREFETCH, false, ranges, 1), -EFAULT);
	assert_int_equal(rdma_mr_advise(&device, MR_PREFETCH, false, ranges, 1), 0);
	strcpy(device.driver, "mlx5");
	mock.fail_at = mock.calls + 1;
	mock.error = EOPNOTSUPP;
	assert_int_equal(rdma_mr_advise(&device, MR_PREFETCH, false, ranges, 1),
			 -EOPNOTSUPP);
	assert_int_equal(uverbs.calls, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static const struct CMUnitTest tests[] = {
	TEST(advise__as_the_kernel_takes_it),
	TEST(advise__refused_by_the_kernel),
	TEST(advise__by_the_library_where_it_can),
};

int main(void)
{
	return cmocka_run_group_tests_name("advise", tests, NULL, NULL);
}
