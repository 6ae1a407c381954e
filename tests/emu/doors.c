// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* doors.c - where an adversary's bytes enter the device */
#include "doors.h"

#include "base/log.h"
#include "base/util.h"
#include "cmocka_all.h"
#include "guest.h"
#include "vfio_messages.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* How much the device may work on what one input has posted */
#define TURNS	      64

#define COMMAND_BYTES 256

static const uint16_t opcodes[] = {
	0x100, 0x101, 0x102, 0x103, 0x104, 0x107, 0x109, 0x10a, 0x10b, 0x200, 0x201,
	0x202, 0x203, 0x204, 0x301, 0x302, 0x303, 0x400, 0x401, 0x402, 0x403, 0x500,
	0x501, 0x502, 0x503, 0x504, 0x505, 0x507, 0x50a, 0x50b, 0x50d, 0x50e, 0x705,
	0x706, 0x707, 0x708, 0x762, 0x763, 0x764, 0x765, 0x800, 0x801, 0x802, 0x803,
	0x805, 0x80e, 0x80f, 0x816, 0x817, 0x90c, 0x90d, 0x90e, 0x90f, 0x710, 0x711,
	0x712, 0x713, 0x714, 0x771, 0x772, 0x773, 0xa04, 0xa06,
};

static void let_work(struct guest *g)
{
	for (unsigned int i = 0; i < TURNS && device_work(g->dev); i++)
		;
}

int door_commands(const uint8_t *data, size_t len)
{
	struct guest *g =
		guest_new(len && data[0] & 1 ? SCHEME_TRANSPORT : SCHEME_MEMORY);

	log_set_level(LOG_ERROR);
	while (len > 2) {
		uint8_t in[COMMAND_BYTES + 4096] = { 0 };
		size_t n = len < COMMAND_BYTES ? len : COMMAND_BYTES;

		/* the opcode is one of the known ones, the rest the adversary's */
		memcpy(in, data, n);
		store_be32(in, (uint32_t)opcodes[data[1] % ARRAY_SIZE(opcodes)] << 16);
		(void)guest_command(g, in, sizeof(in), NULL, 4112);
		let_work(g);
		data += n;
		len -= n;
	}
	guest_free(g);
	return 0;
}

int door_work(const uint8_t *data, size_t len)
{
	struct guest *g =
		guest_new(len && data[0] & 1 ? SCHEME_TRANSPORT : SCHEME_MEMORY);
	struct guest_pair pair = { .service = SERVICE_RC,
				   .retries = 1,
				   .rnr_retries = 1 };
	struct guest_pair dynamic = { .service = SERVICE_DCI };
	struct guest_pair management = { .service = SERVICE_GSI };
	struct guest_qp umr,
		*queues[] = { &pair.a, &pair.b, &umr, &dynamic.a, &management.a };
	uint64_t memory = guest_alloc(g, 8 * PAGE);
	struct guest_queue shared;

	log_set_level(LOG_ERROR);
	guest_connect(g, &pair);
	guest_umr_qp(g, &umr);
	guest_connect(g, &dynamic);
	guest_connect(g, &management);
	(void)guest_mkey(g, memory, 4, RIGHTS_ALL, MTT_READ | MTT_WRITE);
	(void)guest_mkey(g, memory, 4, RIGHTS_ALL, 0);
	(void)guest_target(g, guest_shared_queue(g, &shared), 0);
	guest_receive(g, &pair.b, memory, 4 * PAGE, 0x100042);
	guest_receive(g, &management.a, memory, 4 * PAGE, 0x100042);
	while (len > WQE_BLOCK) {
		uint8_t wqe[4 * WQE_BLOCK] = { 0 };
		size_t n = len - 1 < sizeof(wqe) ? len - 1 : sizeof(wqe);

		memcpy(wqe, data + 1, n);
		guest_post_raw(g, queues[data[0] % ARRAY_SIZE(queues)], wqe, 4);
		let_work(g);
		data += n + 1;
		len -= n + 1;
	}
	guest_free(g);
	return 0;
}

static void interrupt(void *owner __attribute__((unused)),
		      unsigned int vector __attribute__((unused)))
{
}

int door_messages(const uint8_t *data, size_t len)
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
