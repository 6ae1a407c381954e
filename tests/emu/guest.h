/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * guest.h - a driver without a kernel: memory, commands, queues against the device model
 *
 * Bus addresses begin at GUEST_BASE. What a helper cannot do fails the test that called
 * it; commands that are to fail go through guest_command() and return their status.
 */
#ifndef ODPLAB_TESTS_EMU_GUEST_H
#define ODPLAB_TESTS_EMU_GUEST_H

#include "bus/bar.h"
#include "device/device.h"
#include "device/layout.h"
#include "key/mkey.h"
#include "qp/message.h"
#include "qp/qp.h"
#include "queue/cq.h"

#define GUEST_BASE  0x100000ull
#define GUEST_BYTES (32u << 20)
#define QUEUE_LOG   6 /* entries of every queue */
#define PAGE	    4096u
#define RIGHTS_ALL                                                                       \
	(RIGHT_LOCAL_READ | RIGHT_LOCAL_WRITE | RIGHT_REMOTE_READ | RIGHT_REMOTE_WRITE | \
	 RIGHT_ATOMIC)

struct guest_queue {
	uint64_t ring, record; /* addresses */
	uint32_t number, consumed, produced;
};

struct guest {
	struct device *dev;
	uint8_t *memory;
	uint64_t next; /* free memory */
	uint64_t commands, mailboxes;
	unsigned int interrupts;
	struct guest_queue events, faults; /* all events but faults; faults */
	struct guest_queue cq;
	uint32_t pd;
};

struct guest_qp {
	struct guest_queue send, receive; /* one ring: the receive queue comes first */
	uint32_t number;
};

/* Memory and a device that is ready for objects. */
struct guest *guest_new(enum scheme scheme);
void guest_free(struct guest *g);

/*
 * Setup and teardown of a test: a device of the memory scheme and its driver, in *@state.
 */
int guest_begin(void **state);
int guest_end(void **state);

#define GUEST_TEST(name) cmocka_unit_test_setup_teardown(name, guest_begin, guest_end)

/* @len bytes of zeros, from a new page on. */
uint64_t guest_alloc(struct guest *g, uint64_t len);
void *guest_at(const struct guest *g, uint64_t addr);

/* The command's status; @out may be NULL if nothing but that matters. */
enum command_status guest_command(struct guest *g, const void *in, uint32_t in_len,
				  void *out, uint32_t out_len);

/* A command whose input is its opcode and one field. */
enum command_status guest_simple(struct guest *g, uint16_t opcode, struct field field,
				 uint64_t value);

/* Lets the device work until it has nothing to do at once. */
void guest_run(struct guest *g);

/* The next entry of a queue if it is there; the device does not learn of it. */
bool guest_take(struct guest *g, struct guest_queue *queue, uint8_t entry[64]);

/* Until a completion is there, or one second has passed. */
bool guest_poll(struct guest *g, struct guest_queue *cq, uint8_t cqe[64]);

/* As guest_poll(), for one that must come; returns its syndrome (0: a success). */
unsigned int guest_completion(struct guest *g);

/* The next event of a queue, if there is one. */
bool guest_event(struct guest *g, struct guest_queue *eq, uint8_t eqe[64]);

void guest_cq(struct guest *g, struct guest_queue *cq);

/*
 * Two connected queue pairs that are ready to send; attributes may be changed in between.
 */
struct guest_pair {
	struct guest_qp a, b;
	unsigned int service;
	unsigned int retries, rnr_retries, timeout;
	uint32_t srqn;	   /* of both; 0: receive queues of their own */
	uint32_t counters; /* the set of both; 0: none */
};

void guest_connect(struct guest *g, struct guest_pair *pair);
void guest_create_qp(struct guest *g, struct guest_qp *qp, unsigned int service,
		     uint32_t srqn);
enum command_status guest_modify(struct guest *g, const struct guest_qp *qp,
				 uint16_t opcode, const uint8_t *qpc, uint32_t mask);

/*
 * A key of @pages pages from @addr, translated to themselves with the flags given (0: not
 * present, so that each access faults).
 */
uint32_t guest_mkey(struct guest *g, uint64_t addr, unsigned int pages,
		    unsigned int rights, unsigned int flags);

/*
 * A free key of @octowords list entries, which a work request lays out over others: as
 * mlx5dv_create_mkey() makes one, and the driver for a memory window of type 2.
 */
uint32_t guest_list_key(struct guest *g, unsigned int octowords);

/* What the driver does about a fault: sets the flags of one page, by a work request. */
void guest_update(struct guest *g, struct guest_qp *umr, uint32_t key, uint64_t first,
		  unsigned int entries, const uint64_t *values);
void guest_umr_qp(struct guest *g, struct guest_qp *qp);

/* A shared receive queue of four entries of 32 bytes, none posted; its number. */
uint32_t guest_shared_queue(struct guest *g, struct guest_queue *queue);

/*
 * Fills its entries with @len bytes each, one after the other from @addr on; posts none.
 */
void guest_shared_fill(struct guest *g, const struct guest_queue *queue, uint64_t addr,
		       uint32_t len, uint32_t lkey);

/* A target of dynamic connections that receives from @srqn and lets all be done. */
uint32_t guest_target(struct guest *g, uint32_t srqn, uint64_t access_key);

struct guest_work {
	enum opcode opcode;
	uint64_t local, remote;
	uint32_t len, lkey, rkey, immediate;
	uint64_t swap, compare;
	uint32_t inlined; /* bytes of @local to put into the entry itself */
	bool unsignaled;
};

void guest_post(struct guest *g, struct guest_qp *qp, const struct guest_work *work);

/* Puts a finished entry into the send queue. */
/* Fills a data segment. */
void guest_segment(uint8_t *seg, uint64_t addr, uint64_t len, uint32_t lkey);

void guest_post_raw(struct guest *g, struct guest_qp *qp, const void *wqe,
		    unsigned int blocks);
void guest_receive(struct guest *g, struct guest_qp *qp, uint64_t addr, uint32_t len,
		   uint32_t lkey);

/* The fault event that must have come; resumes it after resolving all pages of @key. */
void guest_resume(struct guest *g, const uint8_t eqe[64], bool error);

#endif
