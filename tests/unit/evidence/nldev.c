// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* nldev.c - what is read from the messages of RDMA netlink, and what its errors become */
#include "evidence/nldev.h"

#include <errno.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <rdma/rdma_netlink.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>

#define COMMANDS RDMA_NLDEV_NUM_OPS

/* A kernel that answers each command with prepared messages, or an error of libnl. */
static struct {
	struct nl_msg *answer[COMMANDS][4];
	unsigned int answers[COMMANDS];
	int error[COMMANDS], connect_error;
	int sockets, messages; /* not yet freed */
	bool acks;	       /* the socket waits for acknowledgements */
	bool checks;	       /* it checks sequence numbers */
	enum { NOTHING, SOCKET, DEADLINE, MESSAGE, ATTRIBUTE, SEND } fails;
	struct timeval patience;
	/* the last request */
	unsigned int command, flags;
	uint32_t attribute[RDMA_NLDEV_ATTR_MAX];
	int (*each)(struct nl_msg *msg, void *data);
	void *data;
} kernel;

struct nl_sock *__real_nl_socket_alloc(void);
struct nl_sock *__wrap_nl_socket_alloc(void);
struct nl_sock *__wrap_nl_socket_alloc(void)
{
	if (kernel.fails == SOCKET)
		return NULL;
	kernel.sockets++;
	kernel.acks = kernel.checks = true;
	return __real_nl_socket_alloc();
}

void __real_nl_socket_free(struct nl_sock *socket);
void __wrap_nl_socket_free(struct nl_sock *socket);
void __wrap_nl_socket_free(struct nl_sock *socket)
{
	kernel.sockets--;
	__real_nl_socket_free(socket);
}

struct nl_msg *__real_nlmsg_alloc_simple(int type, int flags);
struct nl_msg *__wrap_nlmsg_alloc_simple(int type, int flags);
struct nl_msg *__wrap_nlmsg_alloc_simple(int type, int flags)
{
	if (kernel.fails == MESSAGE)
		return NULL;
	kernel.messages++;
	return __real_nlmsg_alloc_simple(type, flags);
}

void __real_nlmsg_free(struct nl_msg *msg);
void __wrap_nlmsg_free(struct nl_msg *msg);
void __wrap_nlmsg_free(struct nl_msg *msg)
{
	kernel.messages--;
	__real_nlmsg_free(msg);
}

void __wrap_nl_socket_disable_auto_ack(struct nl_sock *socket);
void __wrap_nl_socket_disable_auto_ack(struct nl_sock *socket)
{
	kernel.acks = false;
}

void __wrap_nl_socket_disable_seq_check(struct nl_sock *socket);
void __wrap_nl_socket_disable_seq_check(struct nl_sock *socket)
{
	kernel.checks = false;
}

int __real_nla_put_u32(struct nl_msg *msg, int type, uint32_t value);
int __wrap_nla_put_u32(struct nl_msg *msg, int type, uint32_t value);
int __wrap_nla_put_u32(struct nl_msg *msg, int type, uint32_t value)
{
	return kernel.fails == ATTRIBUTE ? -NLE_NOMEM :
					   __real_nla_put_u32(msg, type, value);
}

int __real_setsockopt(int fd, int level, int name, const void *value, socklen_t size);
int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t size);
int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t size)
{
	errno = EDOM;
	return kernel.fails == DEADLINE ? -1 :
					  __real_setsockopt(fd, level, name, value, size);
}

/* Any kernel has this family; nothing is sent to it. */
int __real_nl_connect(struct nl_sock *socket, int protocol);
int __wrap_nl_connect(struct nl_sock *socket, int protocol);
int __wrap_nl_connect(struct nl_sock *socket, int protocol)
{
	assert_int_equal(protocol, NETLINK_RDMA);
	return kernel.connect_error ? kernel.connect_error :
				      __real_nl_connect(socket, NETLINK_ROUTE);
}

int __wrap_nl_socket_modify_cb(struct nl_sock *socket, enum nl_cb_type type,
			       enum nl_cb_kind kind, nl_recvmsg_msg_cb_t each,
			       void *data);
int __wrap_nl_socket_modify_cb(struct nl_sock *socket, enum nl_cb_type type,
			       enum nl_cb_kind kind, nl_recvmsg_msg_cb_t each, void *data)
{
	assert_int_equal(type, NL_CB_VALID);
	kernel.each = each;
	kernel.data = data;
	return 0;
}

int __wrap_nl_send_auto(struct nl_sock *socket, struct nl_msg *msg);
int __wrap_nl_send_auto(struct nl_sock *socket, struct nl_msg *msg)
{
	struct nlmsghdr *header = nlmsg_hdr(msg);
	struct nlattr *attribute;
	int left;

	if (kernel.fails == SEND)
		return -NLE_NOACCESS;
	assert_int_equal(RDMA_NL_GET_CLIENT(header->nlmsg_type), RDMA_NL_NLDEV);
	kernel.command = RDMA_NL_GET_OP(header->nlmsg_type);
	kernel.flags = header->nlmsg_flags;
	memset(kernel.attribute, 0, sizeof(kernel.attribute));
	// cppcheck-suppress unknownMacro
	nlmsg_for_each_attr(attribute, header, 0, left)
		kernel.attribute[nla_type(attribute)] = nla_get_u32(attribute);
	return 1;
}

int __wrap_nl_recvmsgs_default(struct nl_sock *socket);
int __wrap_nl_recvmsgs_default(struct nl_sock *socket)
{
	socklen_t size = sizeof(kernel.patience);

	assert_int_not_equal(kernel.fails, SEND); /* nothing to wait for */
	assert_false(kernel.acks);		  /* none would come */
	assert_false(kernel.checks);
	getsockopt(nl_socket_get_fd(socket), SOL_SOCKET, SO_RCVTIMEO, &kernel.patience,
		   &size);
	for (unsigned int i = 0; i < kernel.answers[kernel.command]; i++)
		assert_int_equal(kernel.each(kernel.answer[kernel.command][i],
					     kernel.data),
				 NL_OK);
	return kernel.error[kernel.command];
}

static struct nl_msg *add_answer(unsigned int command)
{
	struct nl_msg *msg = nlmsg_alloc_simple((int)command, 0);

	assert_non_null(msg);
	kernel.answer[command][kernel.answers[command]++] = msg;
	return msg;
}

/* @name: NULL for a message without it */
static void add_device(uint32_t index, const char *name)
{
	struct nl_msg *msg = add_answer(RDMA_NLDEV_CMD_GET);

	nla_put_u32(msg, RDMA_NLDEV_ATTR_DEV_INDEX, index);
	if (name)
		nla_put_string(msg, RDMA_NLDEV_ATTR_DEV_NAME, name);
}

static int two_devices(void **state)
{
	memset(&kernel, 0, sizeof(kernel));
	add_device(9, NULL);
	add_device(3, "mlx5_0");
	add_device(4, "mlx5_1");
	return 0;
}

/* Fails where something else is left. */
static int free_answers(void **state)
{
	for (unsigned int command = 0; command < COMMANDS; command++)
		for (unsigned int i = 0; i < kernel.answers[command]; i++)
			nlmsg_free(kernel.answer[command][i]);
	return kernel.sockets || kernel.messages;
}

static struct nldev *open_it(void)
{
	struct nldev *nldev;

	assert_int_equal(nldev_open(&nldev, "mlx5_0"), 0);
	return nldev;
}

/* ---- devices ---- */

static void open__by_name(void **state)
{
	struct nldev *nldev = open_it();

	assert_int_equal(kernel.command, RDMA_NLDEV_CMD_GET);
	assert_int_equal(kernel.flags, NLM_F_REQUEST | NLM_F_DUMP);
	/* a kernel that does not answer is not waited for without end */
	assert_int_equal(kernel.patience.tv_sec, 5);
	nldev_close(nldev);
	assert_int_equal(nldev_open(&nldev, "mlx5_2"), -ENODEV);
	assert_int_equal(nldev_open(&nldev, "mlx5"), -ENODEV);
	assert_int_equal(kernel.sockets, 0);
}

static void open__each_error_is_returned(void **state)
{
	static const struct {
		int nl, error;
	} rows[] = {
		{ -NLE_OBJ_NOTFOUND, -ENOENT },	 { -NLE_PERM, -EPERM },
		{ -NLE_NOACCESS, -EPERM },	 { -NLE_AGAIN, -ETIMEDOUT },
		{ -NLE_OPNOTSUPP, -EOPNOTSUPP }, { -NLE_DUMP_INTR, -EIO },
	};
	struct nldev *nldev;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		kernel.error[RDMA_NLDEV_CMD_GET] = rows[i].nl;
		assert_int_equal(nldev_open(&nldev, "mlx5_0"), rows[i].error);
		kernel.error[RDMA_NLDEV_CMD_GET] = 0;
		kernel.connect_error = rows[i].nl;
		assert_int_equal(nldev_open(&nldev, "mlx5_0"), rows[i].error);
		kernel.connect_error = 0;
		assert_int_equal(kernel.sockets, 0);
	}
}

/* Each failure has its error, and nothing is left: see free_answers(). */
static void open__what_fails_is_undone(void **state)
{
	static const int errors[] = { [SOCKET] = -ENOMEM,
				      [DEADLINE] = -EDOM,
				      [MESSAGE] = -ENOMEM,
				      [SEND] = -EPERM };
	int messages = kernel.messages;
	struct nldev *nldev;

	for (unsigned int i = SOCKET; i <= SEND; i++) {
		if (i == ATTRIBUTE)
			continue; /* the request has none */
		kernel.fails = i;
		assert_int_equal(nldev_open(&nldev, "mlx5_0"), errors[i]);
		kernel.fails = NOTHING;
		assert_int_equal(kernel.sockets, 0);
		assert_int_equal(kernel.messages, messages);
	}
}

static void open__a_name_without_a_number(void **state)
{
	struct nldev *nldev;

	nla_put_string(add_answer(RDMA_NLDEV_CMD_GET), RDMA_NLDEV_ATTR_DEV_NAME,
		       "mlx5_9");
	assert_int_equal(nldev_open(&nldev, "mlx5_9"), -ENODEV);
}

/* ---- regions ---- */

/* Attributes of value 0 are left out. */
static void add_mr(struct nl_msg *msg, uint32_t lkey, uint32_t pid, uint32_t mrn)
{
	struct nlattr *entry = nla_nest_start(msg, RDMA_NLDEV_ATTR_RES_MR_ENTRY);

	if (lkey)
		nla_put_u32(msg, RDMA_NLDEV_ATTR_RES_LKEY, lkey);
	if (pid)
		nla_put_u32(msg, RDMA_NLDEV_ATTR_RES_PID, pid);
	if (mrn)
		nla_put_u32(msg, RDMA_NLDEV_ATTR_RES_MRN, mrn);
	nla_nest_end(msg, entry);
}

static void mr_number__of_this_process_and_key(void **state)
{
	uint32_t own = (uint32_t)getpid(), mrn = 0;
	struct nldev *nldev = open_it();
	struct nlattr *table;
	struct nl_msg *msg;

	add_answer(RDMA_NLDEV_CMD_RES_MR_GET); /* without a table */
	msg = add_answer(RDMA_NLDEV_CMD_RES_MR_GET);
	table = nla_nest_start(msg, RDMA_NLDEV_ATTR_RES_MR);
	add_mr(msg, 0x77, own + 1, 1); /* another process's */
	add_mr(msg, 0x77, own, 0);
	add_mr(msg, 0x77, 0, 2); /* the kernel's */
	add_mr(msg, 0, own, 3);	 /* keys are hidden */
	add_mr(msg, 0x77, own, 4);
	add_mr(msg, 0x78, own, 5);
	add_mr(msg, 0x77, own + 1, 6);
	nla_nest_end(msg, table);
	assert_int_equal(nldev_mr_number(nldev, 0x77, &mrn), 0);
	assert_int_equal(mrn, 4);
	assert_int_equal(kernel.command, RDMA_NLDEV_CMD_RES_MR_GET);
	assert_int_equal(kernel.flags, NLM_F_REQUEST | NLM_F_DUMP);
	assert_int_equal(kernel.attribute[RDMA_NLDEV_ATTR_DEV_INDEX], 3);
	assert_int_equal(nldev_mr_number(nldev, 0x79, &mrn), -ENOENT);
	kernel.error[RDMA_NLDEV_CMD_RES_MR_GET] = -NLE_PERM;
	assert_int_equal(nldev_mr_number(nldev, 0x77, &mrn), -EPERM);
	kernel.error[RDMA_NLDEV_CMD_RES_MR_GET] = 0;
	kernel.fails = ATTRIBUTE;
	assert_int_equal(nldev_mr_number(nldev, 0x77, &mrn), -ENOMEM);
	kernel.fails = NOTHING;
	nldev_close(nldev);
}

/* ---- counters ---- */

static void add_counter(struct nl_msg *msg, const char *name, uint64_t value)
{
	struct nlattr *entry = nla_nest_start(msg, RDMA_NLDEV_ATTR_STAT_HWCOUNTER_ENTRY);

	if (name)
		nla_put_string(msg, RDMA_NLDEV_ATTR_STAT_HWCOUNTER_ENTRY_NAME, name);
	if (value)
		nla_put_u64(msg, RDMA_NLDEV_ATTR_STAT_HWCOUNTER_ENTRY_VALUE, value);
	nla_nest_end(msg, entry);
}

static void collect(const char *name, uint64_t value, void *data)
{
	char *text = data;
	size_t used = strlen(text);

	snprintf(text + used, 256 - used, "%s=%llu ", name, (unsigned long long)value);
}

static void mr_counters__all_that_are_whole(void **state)
{
	struct nldev *nldev = open_it();
	struct nlattr *table;
	struct nl_msg *msg;
	char text[256] = "";

	add_answer(RDMA_NLDEV_CMD_STAT_GET); /* a driver that keeps none */
	assert_int_equal(nldev_mr_counters(nldev, 12, collect, text), 0);
	msg = add_answer(RDMA_NLDEV_CMD_STAT_GET);
	table = nla_nest_start(msg, RDMA_NLDEV_ATTR_STAT_HWCOUNTERS);
	add_counter(msg, "page_faults", 1ull << 40);
	add_counter(msg, NULL, 2);
	add_counter(msg, "without_value", 0);
	add_counter(msg, "page_invalidations", 3);
	nla_nest_end(msg, table);
	assert_int_equal(nldev_mr_counters(nldev, 12, collect, text), 2);
	assert_string_equal(text, "page_faults=1099511627776 page_invalidations=3 ");
	assert_int_equal(kernel.command, RDMA_NLDEV_CMD_STAT_GET);
	assert_int_equal(kernel.flags, NLM_F_REQUEST);
	assert_int_equal(kernel.attribute[RDMA_NLDEV_ATTR_DEV_INDEX], 3);
	assert_int_equal(kernel.attribute[RDMA_NLDEV_ATTR_STAT_RES],
			 RDMA_NLDEV_ATTR_RES_MR);
	assert_int_equal(kernel.attribute[RDMA_NLDEV_ATTR_RES_MRN], 12);
	kernel.error[RDMA_NLDEV_CMD_STAT_GET] = -NLE_OPNOTSUPP;
	assert_int_equal(nldev_mr_counters(nldev, 12, collect, text), -EOPNOTSUPP);
	nldev_close(nldev);
}

static void port_counters__of_the_port(void **state)
{
	struct nldev *nldev = open_it();
	struct nlattr *table;
	struct nl_msg *msg;
	char text[256] = "";

	msg = add_answer(RDMA_NLDEV_CMD_STAT_GET);
	table = nla_nest_start(msg, RDMA_NLDEV_ATTR_STAT_HWCOUNTERS);
	add_counter(msg, "rnr_nak_retry_err", 7);
	nla_nest_end(msg, table);
	assert_int_equal(nldev_port_counters(nldev, 2, collect, text), 1);
	assert_string_equal(text, "rnr_nak_retry_err=7 ");
	assert_int_equal(kernel.command, RDMA_NLDEV_CMD_STAT_GET);
	assert_int_equal(kernel.flags, NLM_F_REQUEST);
	assert_int_equal(kernel.attribute[RDMA_NLDEV_ATTR_DEV_INDEX], 3);
	assert_int_equal(kernel.attribute[RDMA_NLDEV_ATTR_PORT_INDEX], 2);
	assert_int_equal(kernel.attribute[RDMA_NLDEV_ATTR_STAT_RES], 0);
	kernel.error[RDMA_NLDEV_CMD_STAT_GET] = -NLE_OPNOTSUPP;
	assert_int_equal(nldev_port_counters(nldev, 2, collect, text), -EOPNOTSUPP);
	nldev_close(nldev);
}

static void delete__by_the_number_of_the_device(void **state)
{
	assert_int_equal(nldev_delete("mlx5_1"), 0);
	assert_int_equal(kernel.command, RDMA_NLDEV_CMD_DELLINK);
	assert_int_equal(kernel.flags, NLM_F_REQUEST | NLM_F_ACK);
	assert_int_equal(kernel.attribute[RDMA_NLDEV_ATTR_DEV_INDEX], 4);
	kernel.error[RDMA_NLDEV_CMD_DELLINK] = -NLE_OPNOTSUPP;
	assert_int_equal(nldev_delete("mlx5_1"), -EOPNOTSUPP);
	assert_int_equal(nldev_delete("mlx5_2"), -ENODEV);
	assert_int_equal(kernel.sockets, 0);
}

#define WITH_DEVICES(test) \
	cmocka_unit_test_setup_teardown(test, two_devices, free_answers)

static const struct CMUnitTest tests[] = {
	WITH_DEVICES(open__by_name),
	WITH_DEVICES(open__each_error_is_returned),
	WITH_DEVICES(open__what_fails_is_undone),
	WITH_DEVICES(open__a_name_without_a_number),
	WITH_DEVICES(mr_number__of_this_process_and_key),
	WITH_DEVICES(mr_counters__all_that_are_whole),
	WITH_DEVICES(port_counters__of_the_port),
	WITH_DEVICES(delete__by_the_number_of_the_device),
};

int main(void)
{
	return cmocka_run_group_tests_name("nldev", tests, NULL, NULL);
}
