/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * mock_ofi.h - a libfabric of one provider without a device
 *
 * Calls that can fail and objects that are open are counted in struct mock_verbs.
 */
#ifndef ODPLAB_TESTS_MOCK_OFI_H
#define ODPLAB_TESTS_MOCK_OFI_H

#include <rdma/fabric.h>
#include <rdma/fi_domain.h>
#include <stdbool.h>

struct mock_ofi {
	int getinfo_error;
	enum fi_ep_type type;	 /* of the endpoints that the provider has */
	uint64_t caps, complete; /* FI_ATOMIC ..., FI_DELIVERY_COMPLETE ... that it has */
	int mr_mode;
	size_t key_size;
	size_t iov_limit, inject_size;
	unsigned int infos; /* in the list, each of a domain of its own: "domain0" ... */
	/* the last of each */
	char provider[32];
	uint64_t access, key;
	const void *mr;
	unsigned char peer[8];
	uint32_t refused_by;  /* the event in place of FI_CONNECTED */
	bool silent;	      /* no event comes */
	unsigned int signals; /* that interrupt a wait for an event */
	bool late_request;    /* one that nothing waits for, when a queue is closed */
};

extern struct mock_ofi ofi;

/* Forgets all; a provider of connected endpoints, which can do everything. */
void mock_ofi_reset(void);

#endif
