// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* fuzz_entry.c - where an adversary's bytes enter the device */
#include "fuzz_entry.h"

#include "base/log.h"
#include "base/util.h"
#include "cmocka_all.h"
#include "guest.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/* How much the device may work on what one input has posted */
#define TURNS 64

/* What is worked on: at the end, where it stays whatever is allocated before it */
#define MEMORY	     (GUEST_BASE + GUEST_BYTES - 4 * PAGE)
#define ENTRY_BLOCKS (FUZZ_REQUEST_BYTES / WQE_BLOCK)

/* In the byte before an entry, with the queue's number */
#define SCHEME_BIT 0x80 /* of the first: the transport scheme */
#define ERROR_BIT  0x40 /* resume its fault with an error */

/* Of a stream of messages */
#define PIECE_BYTES    512
#define DESCRIPTOR_BIT 0x80

static const uint16_t opcodes[] = {
#define OPCODE(name, number) number,
#include "device/opcodes.def"
#undef OPCODE
};

struct fuzz_depth fuzz_depth;

static void let_work(struct guest *g)
{
	for (unsigned int i = 0; i < TURNS && device_work(g->dev); i++)
		;
}

/* An input's own opcode if the device knows it, else one that it does. */
static uint16_t choose_opcode(const uint8_t *data)
{
	uint16_t own = (uint16_t)(data[0] << 8 | data[1]);

	for (size_t i = 0; i < ARRAY_SIZE(opcodes); i++)
		if (opcodes[i] == own)
			return own;
	return opcodes[own % ARRAY_SIZE(opcodes)];
}

int fuzz_entry_commands(const uint8_t *data, size_t len)
{
	struct guest *g =
		guest_new(len > 2 && data[2] & 1 ? SCHEME_TRANSPORT : SCHEME_MEMORY);

	log_set_level(LOG_ERROR);
	while (len > 2) {
		uint8_t in[FUZZ_COMMAND_BYTES + 4096] = { 0 };
		size_t n = size_min(len, FUZZ_COMMAND_BYTES);
		uint16_t opcode;

		memcpy(in, data, n);
		opcode = choose_opcode(data);
		store_be32(in, (uint32_t)opcode << 16);
		if (guest_command(g, in, sizeof(in), NULL, 4112) == STATUS_OK)
			fuzz_depth.commands[opcode]++;
		let_work(g);
		data += n;
		len -= n;
	}
	guest_free(g);
	return 0;
}

/* What work requests can reach. The seeds rely on addresses, keys and this order. */
struct fuzz_target {
	struct guest *g;
	struct guest_pair pair, dynamic, management;
	struct guest_qp umr;
	struct guest_queue shared;
};

static void furnish(struct fuzz_target *w, enum scheme scheme)
{
	uint32_t key, srqn;

	*w = (struct fuzz_target){
		.g = guest_new(scheme),
		.pair = { .service = SERVICE_RC, .retries = 1, .rnr_retries = 1 },
		.dynamic = { .service = SERVICE_DCI },
		.management = { .service = SERVICE_GSI },
	};
	guest_connect(w->g, &w->pair);
	guest_umr_qp(w->g, &w->umr);
	guest_connect(w->g, &w->dynamic);
	guest_connect(w->g, &w->management);
	key = guest_mkey(w->g, MEMORY, 4, RIGHTS_ALL, MTT_READ | MTT_WRITE);
	(void)guest_mkey(w->g, MEMORY, 4, RIGHTS_ALL, 0);
	(void)guest_list_key(w->g, 4);
	srqn = guest_shared_queue(w->g, &w->shared);
	guest_shared_fill(w->g, &w->shared, MEMORY, PAGE, key);
	store_be32(guest_at(w->g, w->shared.record), 4);
	(void)guest_target(w->g, srqn, 0);
	for (unsigned int i = 0; i < 4; i++) {
		guest_receive(w->g, &w->pair.b, MEMORY, 4 * PAGE, key);
		guest_receive(w->g, &w->management.a, MEMORY, 4 * PAGE, key);
	}
}

/* One entry, in as many blocks as its length needs; its faults are resumed once. */
static void post_entry(struct guest *g, struct guest_qp *qp, const uint8_t *wqe,
		       bool error)
{
	uint8_t eqe[64];
	size_t bytes = field_get(wqe, ctrl_seg_ds) * 16;
	size_t blocks = size_min((bytes + WQE_BLOCK - 1) / WQE_BLOCK, ENTRY_BLOCKS);

	guest_post_raw(g, qp, wqe, blocks ? (unsigned int)blocks : 1);
	let_work(g);
	if (guest_event(g, &g->faults, eqe))
		guest_resume(g, eqe, error);
	let_work(g);
}

/* Completions of requests, as far as @seen has not got to yet */
static void count_requests(struct guest *g, struct guest_queue *seen)
{
	uint8_t cqe[64];

	while (guest_take(g, seen, cqe)) {
		switch (field_get(cqe, cqe_opcode)) {
		case COMPLETION_SEND:
			fuzz_depth.requests[field_get(cqe, cqe_sop_drop_qpn) >> 24]++;
			break;
		case COMPLETION_SEND_ERROR:
			fuzz_depth.errors++;
			break;
		default:
			break;
		}
	}
}

int fuzz_entry_work(const uint8_t *data, size_t len)
{
	struct fuzz_target w;
	struct guest_qp *queues[] = { &w.pair.a, &w.pair.b, &w.umr, &w.dynamic.a,
				      &w.management.a };
	struct guest_queue seen;

	log_set_level(LOG_ERROR);
	furnish(&w, len && data[0] & SCHEME_BIT ? SCHEME_TRANSPORT : SCHEME_MEMORY);
	seen = w.g->cq; /* which stays as it is: the queue may overrun */
	while (len > WQE_BLOCK) {
		uint8_t wqe[ENTRY_BLOCKS * WQE_BLOCK] = { 0 };
		size_t n = size_min(len - 1, sizeof(wqe));

		memcpy(wqe, data + 1, n);
		post_entry(w.g, queues[(data[0] & (ERROR_BIT - 1)) % ARRAY_SIZE(queues)],
			   wqe, data[0] & ERROR_BIT);
		count_requests(w.g, &seen);
		data += n + 1;
		len -= n + 1;
	}
	guest_free(w.g);
	return 0;
}

static void interrupt(void *owner, unsigned int vector)
{
}

/* Answers as they come: what is left to read of the one at hand, or of its header */
struct answers {
	uint8_t header[sizeof(struct vfio_header)];
	size_t held, skip;
};

static void count_answers(struct answers *a, const uint8_t *from, size_t len)
{
	struct vfio_header header;

	while (len) {
		size_t n = a->skip ? size_min(a->skip, len) :
				     size_min(sizeof(header) - a->held, len);

		if (a->skip) {
			a->skip -= n;
		} else {
			memcpy(a->header + a->held, from, n);
			a->held += n;
		}
		if (a->held == sizeof(header)) {
			memcpy(&header, a->header, sizeof(header));
			a->held = 0;
			a->skip = header.size - sizeof(header);
			if (!(header.flags & VFIO_USER_ERROR))
				fuzz_depth.messages[header.command]++;
		}
		from += n;
		len -= n;
	}
}

/* Sends a piece of the stream, with a descriptor if its first byte asks for one. */
static ssize_t send_piece(int fd, const uint8_t *data, size_t len)
{
	struct iovec iov = { (void *)(uintptr_t)data, size_min(len, PIECE_BYTES) };
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control = { .header = { .cmsg_len = CMSG_LEN(sizeof(int)),
				  .cmsg_level = SOL_SOCKET,
				  .cmsg_type = SCM_RIGHTS } };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	int file = -1;
	ssize_t n;

	if (data[0] & DESCRIPTOR_BIT) {
		file = memfd_create("fuzz", MFD_CLOEXEC);
		assert_int_equal(ftruncate(file, 4 * PAGE), 0);
		memcpy(CMSG_DATA(&control.header), &file, sizeof(file));
		msg.msg_control = &control;
		msg.msg_controllen = sizeof(control.space);
	}
	n = sendmsg(fd, &msg, 0);
	if (file >= 0)
		close(file);
	return n;
}

int fuzz_entry_messages(const uint8_t *data, size_t len)
{
	struct device_config config = { .scheme = SCHEME_MEMORY, .interrupt = interrupt };
	static struct vfio_user client; /* its buffers are large: one for all inputs */
	struct answers answers = { .held = 0 };
	int fds[2], ret = 0;
	uint8_t answer[4096];

	log_set_level(LOG_ERROR);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
	client.dev = device_new(&config);
	if (!client.in)
		assert_int_equal(vfio_user_init(&client, client.dev), 0);
	client.patience_ms = 0; /* answers are taken only after it has served */
	vfio_user_attach(&client, fds[1]);
	while (len && !ret) {
		ssize_t n = send_piece(fds[0], data, len);

		if (n <= 0)
			break;
		data += n;
		len -= (size_t)n;
		ret = vfio_user_serve(&client);
		while ((n = recv(fds[0], answer, sizeof(answer), 0)) > 0)
			count_answers(&answers, answer, (size_t)n);
		device_work(client.dev);
	}
	close(fds[0]);
	vfio_user_detach(&client);
	device_free(client.dev);
	return 0;
}
