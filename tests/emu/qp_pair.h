/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* qp_pair.h - two connected queue pairs, and a region of memory at each end */
#ifndef ODPLAB_TESTS_EMU_QP_PAIR_H
#define ODPLAB_TESTS_EMU_QP_PAIR_H

#include "guest.h"

#define PAGES  4 /* of each region */
#define BYTES  (PAGES * PAGE)
#define MAPPED (MTT_READ | MTT_WRITE)

struct qp_pair {
	struct guest *g;
	struct guest_pair pair; /* @a sends, @b answers */
	struct guest_qp umr;	/* the driver's own, which updates translations */
	uint64_t local, remote; /* the regions' addresses: of @a's, and of @b's */
	uint32_t lkey, rkey;	/* their keys */
	uint8_t *from, *to;	/* their memory; after @to's a page that no key covers */
};

/* @pair: the attributes; @local, @remote: the flags of the regions' pages (0: absent). */
struct qp_pair *qp_pair_new(enum scheme scheme, struct guest_pair pair,
			    unsigned int local, unsigned int remote);
void qp_pair_free(struct qp_pair *l);

/* Set-up and teardown of a cmocka test: all mapped, in the memory scheme, patient. */
int qp_pair_begin(void **state);
int qp_pair_end(void **state);

/* From @offset of one region to @offset of the other; atomics add five. */
struct guest_work qp_pair_work(const struct qp_pair *l, enum opcode opcode,
			       uint32_t offset, uint32_t len);
void qp_pair_post(struct qp_pair *l, enum opcode opcode, uint32_t offset, uint32_t len);

/*
 * The begin of an entry, which is zeros, for a WRITE to the remote region: what is before
 * its data segments. It has @units of 16 bytes with them.
 */
void qp_pair_begin_write(const struct qp_pair *l, uint8_t *wqe, unsigned int units);

/* A WRITE that succeeds */
void qp_pair_write(struct qp_pair *l, uint32_t offset, uint32_t len);

/* The outcome of one request: its syndrome (0: a success). */
unsigned int qp_pair_outcome(struct qp_pair *l, const struct guest_work *work);

/*
 * Asks to set the flags of all pages of a region; the completion is the caller's to take.
 */
void qp_pair_map(struct qp_pair *l, uint32_t key, uint64_t addr, unsigned int flags);

/* Resolves the one fault that must be there. */
void qp_pair_resolve(struct qp_pair *l, uint32_t key, uint64_t addr);

#endif
