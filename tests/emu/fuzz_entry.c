// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* fuzz_entry.c - where an adversary's bytes enter the device */
#include "fuzz_entry.h"

#include "base/log.h"
#include "base/util.h"
#include "bus/vfio_messages.h"
#include "cmocka_all.h"
#include "guest.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* How much the device may work on what one input has posted */
#define TURNS	      64

#define COMMAND_BYTES 256

/* What is worked on: at the end, where it stays whatever is allocated before it */
#define MEMORY	     (GUEST_BASE + GUEST_BYTES - 4 * PAGE)
#define ENTRY_BLOCKS 4

/* In the byte before an entry, beside the queue's number */
#define SCHEME_BIT 0x80 /* of the first: the transport scheme */
#define ERROR_BIT  0x40 /* resume its fault with an error */

static const uint16_t opcodes[] = {
#define OPCODE(name, number) number,
#include "device/opcodes.def"
#undef OPCODE
};

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
		uint8_t in[COMMAND_BYTES + 4096] = { 0 };
		size_t n = size_min(len, COMMAND_BYTES);

		memcpy(in, data, n);
		store_be32(in, (uint32_t)choose_opcode(data) << 16);
		(void)guest_command(g, in, sizeof(in), NULL, 4112);
		let_work(g);
		data += n;
		len -= n;
	}
	guest_free(g);
	return 0;
}

/* Who is there for work requests to reach: the seeds know addresses, keys and order. */
struct workshop {
	struct guest *g;
	struct guest_pair pair, dynamic, management;
	struct guest_qp umr;
	struct guest_queue shared;
};

static void furnish(struct workshop *w, enum scheme scheme)
{
	uint32_t key, srqn;

	*w = (struct workshop){
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

/* One entry, in as many blocks as it says that it has; its faults are resumed once. */
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

int fuzz_entry_work(const uint8_t *data, size_t len)
{
	struct workshop w;
	struct guest_qp *queues[] = { &w.pair.a, &w.pair.b, &w.umr, &w.dynamic.a,
				      &w.management.a };

	log_set_level(LOG_ERROR);
	furnish(&w, len && data[0] & SCHEME_BIT ? SCHEME_TRANSPORT : SCHEME_MEMORY);
	while (len > WQE_BLOCK) {
		uint8_t wqe[ENTRY_BLOCKS * WQE_BLOCK] = { 0 };
		size_t n = size_min(len - 1, sizeof(wqe));

		memcpy(wqe, data + 1, n);
		post_entry(w.g, queues[(data[0] & (ERROR_BIT - 1)) % ARRAY_SIZE(queues)],
			   wqe, data[0] & ERROR_BIT);
		data += n + 1;
		len -= n + 1;
	}
	guest_free(w.g);
	return 0;
}

static void interrupt(void *owner, unsigned int vector)
{
}

int fuzz_entry_messages(const uint8_t *data, size_t len)
{
	struct device_config config = { .scheme = SCHEME_MEMORY, .interrupt = interrupt };
	static struct vfio_user client; /* its buffers are large: one for all inputs */
	int fds[2], ret = 0;
	uint8_t answer[4096];

	log_set_level(LOG_ERROR);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
	client.dev = device_new(&config);
	if (!client.in)
		assert_int_equal(vfio_user_init(&client, client.dev), 0);
	client.patience_ms = 0; /* nobody takes answers while it serves */
	vfio_user_attach(&client, fds[1]);
	while (len && !ret) {
		ssize_t n = send(fds[0], data, len < 512 ? len : 512, 0);

		if (n <= 0)
			break;
		data += n;
		len -= (size_t)n;
		ret = vfio_user_serve(&client);
		while (recv(fds[0], answer, sizeof(answer), 0) > 0)
			;
		(void)device_work(client.dev);
	}
	close(fds[0]);
	vfio_user_detach(&client);
	device_free(client.dev);
	return 0;
}
