// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * connect_lib.c - libfabric: connects endpoints
 *
 * The initiator requests the connection and waits for it. The responder has a thread, as
 * no call is made on its behalf meanwhile: the thread accepts the connection, then makes
 * the calls that some providers need for progress (FI_PROGRESS_MANUAL, fi_domain(3)).
 */
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "rdma/ofi/internal.h"

/* How long a thread may take to notice that it is to stop. */
#define LOOK_MS 20

/* A request for a connection has an fi_info, which the reader of the event owns. */
static void drop(uint32_t event, struct fi_eq_cm_entry *entry)
{
	if (event == FI_CONNREQ)
		fi_freeinfo(entry->info);
}

/* Waits for one event of the connection. Returns 0 or -errno after one line. */
static int await(struct ofi_qp *qp, uint32_t wanted, struct fi_eq_cm_entry *entry)
{
	uint64_t deadline = clock_ns() + OFI_PATIENCE_NS;
	struct fi_eq_err_entry error = { 0 };
	uint32_t event = 0;
	ssize_t n;

	do {
		n = fi_eq_sread(qp->eq, &event, entry, sizeof(*entry), LOOK_MS, 0);
		if (n > 0 && event == wanted)
			return 0;
		if (n > 0)
			drop(event, entry);
		if (atomic_load(&qp->stop))
			return -ECANCELED;
		/*
		 * a signal interrupts the wait; whether the run ends is decided elsewhere
		 */
	} while ((n == -FI_EAGAIN || n == -FI_EINTR) && !clock_passed(deadline));
	if (n == -FI_EAVAIL && fi_eq_readerr(qp->eq, &error, 0) > 0)
		return log_errno(error.err, "libfabric's connection");
	if (n < 0)
		return log_errno(n == -FI_EAGAIN || n == -FI_EINTR ? ETIMEDOUT :
								     -ofi_errno(n),
				 "libfabric's connection");
	return log_errno(ECONNREFUSED, "libfabric's connection: event %u", event);
}

static int take_connection(struct ofi_qp *qp)
{
	struct fi_eq_cm_entry entry;
	int ret;

	ret = await(qp, FI_CONNREQ, &entry);
	if (ret)
		return ret;
	ret = ofi_ep_open(qp, entry.info);
	fi_freeinfo(entry.info);
	if (ret)
		return ret;
	ret = fi_accept(qp->ep, NULL, 0);
	if (ret)
		return log_errno(-ofi_errno(ret), "libfabric's connection, accepted");
	return await(qp, FI_CONNECTED, &entry);
}

void ofi_drop_events(struct ofi_qp *qp)
{
	struct fi_eq_cm_entry entry;
	uint32_t event;

	while (fi_eq_read(qp->eq, &event, &entry, sizeof(entry), 0) > 0)
		drop(event, &entry);
}

static void *responder_main(void *arg)
{
	struct ofi_qp *qp = arg;

	atomic_store(&qp->taken, qp->pep ? take_connection(qp) : 0);
	while (qp->manual_progress && !atomic_load(&qp->taken) &&
	       !atomic_load(&qp->stop)) {
		fi_cq_read(qp->cq, NULL, 0);
		sched_yield();
	}
	return NULL;
}

int ofi_responder_start(struct ofi_qp *qp, bool manual_progress)
{
	int ret;

	qp->manual_progress = manual_progress;
	atomic_store(&qp->taken, -EINPROGRESS);
	ret = pthread_create(&qp->responder, NULL, responder_main, qp);
	if (ret)
		return log_errno(ret, "a thread for the responder");
	qp->responds = true;
	return 0;
}

void ofi_responder_stop(struct ofi_qp *qp)
{
	if (!qp->responds)
		return;
	atomic_store(&qp->stop, true);
	pthread_join(qp->responder, NULL);
}

static int wait_for_responder(struct ofi_qp *qp)
{
	uint64_t deadline = clock_ns() + OFI_PATIENCE_NS;

	while (atomic_load(&qp->taken) == -EINPROGRESS && !clock_passed(deadline))
		usleep(50);
	return atomic_load(&qp->taken);
}

static struct fi_info *info_to(const struct ofi_qp *qp, const struct rdma_address *peer)
{
	struct fi_info *info = fi_dupinfo(qp->device->info);

	if (!info)
		return NULL;
	free(info->dest_addr);
	info->dest_addr = malloc(peer->name_len);
	info->dest_addrlen = peer->name_len;
	if (info->dest_addr) {
		memcpy(info->dest_addr, peer->name, peer->name_len);
		return info;
	}
	fi_freeinfo(info);
	return NULL;
}

static int ask_for_connection(struct ofi_qp *qp, const struct rdma_address *peer)
{
	struct fi_info *info = info_to(qp, peer);
	struct fi_eq_cm_entry entry;
	int ret;

	if (!info)
		return log_errno(ENOMEM, "libfabric's address of the peer");
	ret = ofi_ep_open(qp, info);
	fi_freeinfo(info);
	if (ret)
		return ret;
	ret = fi_connect(qp->ep, peer->name, NULL, 0);
	if (ret)
		return log_errno(-ofi_errno(ret), "libfabric's connection, asked for");
	return await(qp, FI_CONNECTED, &entry);
}

/* FI_EP_RDM: the provider connects on first use, if at all. */
static int insert_address(struct ofi_qp *qp, const struct rdma_address *peer)
{
	int n = fi_av_insert(qp->av, peer->name, 1, &qp->peer, 0, NULL);

	return n == 1 ? 0 :
			log_errno(n < 0 ? -ofi_errno(n) : EADDRNOTAVAIL,
				  "libfabric's address of the peer");
}

int ofi_qp_connect(struct rdma_qp *rdma, const struct rdma_address *peer)
{
	struct ofi_qp *qp = rdma->private;

	if (qp->pep)
		return wait_for_responder(qp);
	if (!peer->name_len || peer->name_len > sizeof(peer->name))
		return log_errno(EADDRNOTAVAIL, "libfabric's address of the peer");
	return ofi_is_connected(qp) ? ask_for_connection(qp, peer) :
				      insert_address(qp, peer);
}
