// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* nldev.c - memory regions, and counters of regions and ports, by RDMA netlink */
#include "evidence/nldev.h"

#include <errno.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <rdma/rdma_netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#define DEADLINE_S 5

struct nldev {
	struct nl_sock *socket;
	uint32_t index; /* of the device */
};

/* libnl has its own error numbers: those that can occur here. */
static int from_nl(int ret)
{
	switch (-ret) {
	case NLE_OBJ_NOTFOUND:
		return -ENOENT;
	case NLE_PERM:
	case NLE_NOACCESS:
		return -EPERM;
	case NLE_AGAIN:
		return -ETIMEDOUT;
	case NLE_OPNOTSUPP:
		return -EOPNOTSUPP;
	default:
		return -EIO;
	}
}

/* A request with up to three 32-bit attributes; attribute 0 ends them. */
struct request {
	int command;
	int flags;
	struct {
		int type;
		uint32_t value;
	} attribute[4];
};

/* Sends it and calls @each for every message of the answer. */
static int ask(struct nldev *nldev, const struct request *request,
	       int (*each)(struct nl_msg *msg, void *data), void *data)
{
	struct nl_msg *msg = nlmsg_alloc_simple(
		RDMA_NL_GET_TYPE(RDMA_NL_NLDEV, request->command), request->flags);
	int ret;

	if (!msg)
		return -ENOMEM;
	for (size_t i = 0; request->attribute[i].type; i++)
		if (nla_put_u32(msg, request->attribute[i].type,
				request->attribute[i].value)) {
			nlmsg_free(msg);
			return -ENOMEM;
		}
	nl_socket_modify_cb(nldev->socket, NL_CB_VALID, NL_CB_CUSTOM, each, data);
	ret = nl_send_auto(nldev->socket, msg);
	nlmsg_free(msg);
	if (ret >= 0)
		ret = nl_recvmsgs_default(nldev->socket);
	return ret < 0 ? from_nl(ret) : 0;
}

struct find_device {
	const char *name;
	uint32_t index;
	bool found;
};

static int match_device(struct nl_msg *msg, void *data)
{
	struct nlattr *tb[RDMA_NLDEV_ATTR_MAX];
	struct find_device *find = data;

	if (nlmsg_parse(nlmsg_hdr(msg), 0, tb, RDMA_NLDEV_ATTR_MAX - 1, NULL) < 0 ||
	    !tb[RDMA_NLDEV_ATTR_DEV_INDEX] || !tb[RDMA_NLDEV_ATTR_DEV_NAME])
		return NL_OK;
	if (!strcmp(nla_get_string(tb[RDMA_NLDEV_ATTR_DEV_NAME]), find->name)) {
		find->index = nla_get_u32(tb[RDMA_NLDEV_ATTR_DEV_INDEX]);
		find->found = true;
	}
	return NL_OK;
}

static int connect_socket(struct nldev *nldev)
{
	struct timeval deadline = { .tv_sec = DEADLINE_S };
	int ret;

	nldev->socket = nl_socket_alloc();
	if (!nldev->socket)
		return -ENOMEM;
	/* the answers to single requests carry no acknowledgement of their own */
	nl_socket_disable_auto_ack(nldev->socket);
	nl_socket_disable_seq_check(nldev->socket);
	ret = nl_connect(nldev->socket, NETLINK_RDMA);
	if (ret)
		return from_nl(ret);
	if (setsockopt(nl_socket_get_fd(nldev->socket), SOL_SOCKET, SO_RCVTIMEO,
		       &deadline, sizeof(deadline)))
		return -errno;
	return 0;
}

int nldev_open(struct nldev **out, const char *device)
{
	struct request request = { RDMA_NLDEV_CMD_GET, NLM_F_REQUEST | NLM_F_DUMP, {} };
	struct find_device find = { .name = device };
	struct nldev *nldev = calloc(1, sizeof(*nldev));
	int ret;

	if (!nldev)
		return -ENOMEM;
	ret = connect_socket(nldev);
	if (!ret)
		ret = ask(nldev, &request, match_device, &find);
	if (!ret && !find.found)
		ret = -ENODEV;
	if (ret) {
		nldev_close(nldev);
		return ret;
	}
	nldev->index = find.index;
	*out = nldev;
	return 0;
}

void nldev_close(struct nldev *nldev)
{
	if (nldev->socket)
		nl_socket_free(nldev->socket);
	free(nldev);
}

struct find_mr {
	uint32_t lkey;
	uint32_t pid;
	uint32_t mrn;
	bool found;
};

static int match_mr(struct nl_msg *msg, void *data)
{
	struct nlattr *tb[RDMA_NLDEV_ATTR_MAX], *entry;
	struct find_mr *find = data;
	int left;

	if (nlmsg_parse(nlmsg_hdr(msg), 0, tb, RDMA_NLDEV_ATTR_MAX - 1, NULL) < 0 ||
	    !tb[RDMA_NLDEV_ATTR_RES_MR])
		return NL_OK;
	nla_for_each_nested(entry, tb[RDMA_NLDEV_ATTR_RES_MR], left)
	{
		struct nlattr *mr[RDMA_NLDEV_ATTR_MAX];

		if (nla_parse_nested(mr, RDMA_NLDEV_ATTR_MAX - 1, entry, NULL) < 0 ||
		    !mr[RDMA_NLDEV_ATTR_RES_LKEY] || !mr[RDMA_NLDEV_ATTR_RES_MRN] ||
		    !mr[RDMA_NLDEV_ATTR_RES_PID])
			continue;
		if (nla_get_u32(mr[RDMA_NLDEV_ATTR_RES_LKEY]) != find->lkey ||
		    nla_get_u32(mr[RDMA_NLDEV_ATTR_RES_PID]) != find->pid)
			continue;
		find->mrn = nla_get_u32(mr[RDMA_NLDEV_ATTR_RES_MRN]);
		find->found = true;
	}
	return NL_OK;
}

int nldev_mr_number(struct nldev *nldev, uint32_t lkey, uint32_t *mrn)
{
	struct request request = { RDMA_NLDEV_CMD_RES_MR_GET,
				   NLM_F_REQUEST | NLM_F_DUMP,
				   { { RDMA_NLDEV_ATTR_DEV_INDEX, nldev->index } } };
	struct find_mr find = { .lkey = lkey, .pid = (uint32_t)getpid() };
	int ret;

	ret = ask(nldev, &request, match_mr, &find);
	if (ret)
		return ret;
	*mrn = find.mrn;
	return find.found ? 0 : -ENOENT;
}

struct counters {
	void (*each)(const char *name, uint64_t value, void *data);
	void *data;
	int n;
};

static int take_counters(struct nl_msg *msg, void *data)
{
	struct nlattr *tb[RDMA_NLDEV_ATTR_MAX], *entry;
	struct counters *counters = data;
	int left;

	if (nlmsg_parse(nlmsg_hdr(msg), 0, tb, RDMA_NLDEV_ATTR_MAX - 1, NULL) < 0 ||
	    !tb[RDMA_NLDEV_ATTR_STAT_HWCOUNTERS])
		return NL_OK;
	nla_for_each_nested(entry, tb[RDMA_NLDEV_ATTR_STAT_HWCOUNTERS], left)
	{
		struct nlattr *counter[RDMA_NLDEV_ATTR_MAX];

		if (nla_parse_nested(counter, RDMA_NLDEV_ATTR_MAX - 1, entry, NULL) < 0 ||
		    !counter[RDMA_NLDEV_ATTR_STAT_HWCOUNTER_ENTRY_NAME] ||
		    !counter[RDMA_NLDEV_ATTR_STAT_HWCOUNTER_ENTRY_VALUE])
			continue;
		counters->each(
			nla_get_string(
				counter[RDMA_NLDEV_ATTR_STAT_HWCOUNTER_ENTRY_NAME]),
			nla_get_u64(counter[RDMA_NLDEV_ATTR_STAT_HWCOUNTER_ENTRY_VALUE]),
			counters->data);
		counters->n++;
	}
	return NL_OK;
}

static int counters_of(struct nldev *nldev, const struct request *request,
		       void (*each)(const char *name, uint64_t value, void *data),
		       void *data)
{
	struct counters counters = { each, data, 0 };
	int ret = ask(nldev, request, take_counters, &counters);

	return ret ? ret : counters.n;
}

int nldev_mr_counters(struct nldev *nldev, uint32_t mrn,
		      void (*each)(const char *name, uint64_t value, void *data),
		      void *data)
{
	struct request request = { RDMA_NLDEV_CMD_STAT_GET,
				   NLM_F_REQUEST,
				   { { RDMA_NLDEV_ATTR_DEV_INDEX, nldev->index },
				     { RDMA_NLDEV_ATTR_STAT_RES, RDMA_NLDEV_ATTR_RES_MR },
				     { RDMA_NLDEV_ATTR_RES_MRN, mrn } } };

	return counters_of(nldev, &request, each, data);
}

int nldev_port_counters(struct nldev *nldev, uint32_t port,
			void (*each)(const char *name, uint64_t value, void *data),
			void *data)
{
	struct request request = { RDMA_NLDEV_CMD_STAT_GET,
				   NLM_F_REQUEST,
				   { { RDMA_NLDEV_ATTR_DEV_INDEX, nldev->index },
				     { RDMA_NLDEV_ATTR_PORT_INDEX, port } } };

	return counters_of(nldev, &request, each, data);
}

static int ignore(struct nl_msg *msg, void *data)
{
	return NL_OK;
}

int nldev_delete(const char *device)
{
	struct request request = { .command = RDMA_NLDEV_CMD_DELLINK,
				   .flags = NLM_F_REQUEST | NLM_F_ACK };
	struct nldev *nldev;
	int ret;

	ret = nldev_open(&nldev, device);
	if (ret)
		return ret;
	request.attribute[0].type = RDMA_NLDEV_ATTR_DEV_INDEX;
	request.attribute[0].value = nldev->index;
	ret = ask(nldev, &request, ignore, NULL);
	nldev_close(nldev);
	return ret;
}
