/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * device.h - one emulated ConnectX: what its BAR gives access to
 *
 * The device knows nothing of vfio-user: its owner maps the guest's memory, hands over
 * reads and writes of the BAR, lets it work, and gets its interrupts. A unit test is such
 * an owner too.
 */
#ifndef ODPLAB_EMU_DEVICE_H
#define ODPLAB_EMU_DEVICE_H

#include "device/behave.h"
#include "device/command.h"
#include "device/dma.h"
#include "device/inject.h"
#include "device/object.h"
#include "device/persist.h"
#include "device/timer.h"

#include <sys/queue.h>

struct qp;
struct trace;

#define DEVICE_LINGER_NS 10000ull
#define SPENT_TOKENS	 1024

/* The two ways in which ConnectX generations report page faults */
enum scheme {
	SCHEME_MEMORY,	  /* by memory key and address; ConnectX-7 */
	SCHEME_TRANSPORT, /* by queue pair and work queue entry; ConnectX-5 */
};

/* Keys that every driver finds by asking */
enum reserved_key {
	KEY_TERMINATE = 0x100, /* ends a scatter list */
	KEY_RESERVED = 0x200,  /* lkey for physical addresses, for kernel queue pairs */
	KEY_NULL = 0x300,      /* reads zeros, swallows writes */
};

struct device_config {
	enum scheme scheme;
	void (*interrupt)(void *owner, unsigned int vector);
	void *owner;
	uint64_t seed;	  /* of what is done by chance */
	const char *pmem; /* files whose writes need a flush, with commas; NULL: none */
	struct trace *trace; /* NULL: none */
};

struct device_stats {
	uint64_t commands, events, completions, operations, bytes;
	uint64_t faults, resumes, resumes_with_error, updates, rnr_naks, timeouts;
};

TAILQ_HEAD(qp_list, qp);
TAILQ_HEAD(fault_list, fault);
TAILQ_HEAD(delayed_list, delayed_write);
TAILQ_HEAD(held_event_list, held_event);
TAILQ_HEAD(held_completion_list, held_completion);

struct device {
	struct device_config config;
	struct dma dma;
	struct timers timers;
	struct command_queue commands;
	struct caps *caps;
	struct objects uars, pds, xrcds, domains, users;
	struct objects eqs, cqs, mkeys, qps, srqs, counters;
	struct qp_list ready;	 /* queue pairs with work to do now */
	uint32_t lingering;	 /* the queue pair that worked last; 0: none did */
	struct qp_list flushing; /* in error, whose receive queues are looked at */
	struct timer flush_timer;
	struct fault_list faults;
	struct delayed_list delayed; /* DMA writes under way, by injection or behaviour */
	struct held_event_list held_events; /* by behaviour, as the next */
	struct held_completion_list held_completions;
	struct timer held_timer; /* when the first of those is due */
	struct rules inject, behave;
	struct persist persist;
	struct device_stats stats;
	uint64_t translations;	/* bytes held for memory keys */
	uint64_t history_bytes; /* and for pages of before their invalidation */
	uint64_t serial;	/* of queue pairs, unlike a number never used again */
	uint64_t fault_tokens;
	uint64_t spent_tokens[SPENT_TOKENS]; /* see fault/spent_token.h */
	unsigned int spent;
	uint64_t born;		    /* clock_ns() */
	uint8_t *sink;		    /* a page for what the null key swallows and reads */
	uint32_t port_capabilities; /* that the driver has added */
	uint16_t issi;
};

/* NULL when out of memory. */
struct device *device_new(const struct device_config *config);
void device_free(struct device *dev);

/* Back to how it was when powered on; windows, injections and behaviours stay. */
void device_reset(struct device *dev);

/*
 * Does a share of the work at hand: timers that are due, and a turn for each queue pair.
 * Returns true if there is more to do at once.
 */
bool device_work(struct device *dev);

/*
 * Looks for DEVICE_LINGER_NS whether the queue pair that worked last is given more. To be
 * asked before sleeping: a driver that posts one request after the other is spared waking
 * the device for each. Returns true if there is work to do at once.
 */
bool device_linger(struct device *dev);

/* When device_work() has to be called next at the latest; UINT64_MAX: no need to. */
uint64_t device_deadline(const struct device *dev);

#endif
