/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* injected.h - two regions and a connected pair, on a device that misbehaves */
#ifndef ODPLAB_TESTS_EMU_INJECTED_H
#define ODPLAB_TESTS_EMU_INJECTED_H

#include "guest.h"

#define PAGES 4
#define BYTES (PAGES * PAGE)
#define FILL  0x77

struct injected {
	struct guest *g;
	struct guest_pair pair;
	struct guest_qp umr;
	uint64_t local, remote;
	uint32_t lkey, rkey;
	uint8_t *from, *to;
};

/* A connected pair under an injection; the flags of both regions' pages (0: not present) */
struct injected *injected_new(const char *injection, unsigned int local,
			      unsigned int remote);

/* The same with both regions mapped */
struct injected *injected_mapped(const char *injection);

/* Fails if no injection has acted. */
void injected_free(struct injected *w);

void injected_post(struct injected *w, enum opcode opcode, uint32_t offset, uint32_t len);

/* A WRITE that succeeds */
void injected_write(struct injected *w, uint32_t offset, uint32_t len);

/* Sets the flags of all pages of a region. */
void injected_map(struct injected *w, uint32_t key, uint64_t addr, unsigned int flags);

/* Resolves the fault that must be there. */
void injected_resolve(struct injected *w, uint32_t key, uint64_t addr);

/* Waits for what an injection has delayed. */
void injected_wait(struct injected *w);

#endif
