// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* vfio_irqs.c - interrupts of the vfio-user protocol: MSI-X vectors and their eventfds */
#include "base/util.h"
#include "bus/vfio_messages.h"
#include "bus/vfio_request.h"

#include <errno.h>
#include <linux/vfio.h>
#include <unistd.h>

static unsigned int vectors_of(uint32_t index)
{
	return index == VFIO_PCI_MSIX_IRQ_INDEX ? PCI_VECTORS : 0;
}

int vfio_irq_info(struct vfio_user *client, struct vfio_request *m)
{
	struct vfio_irq_info info;

	if (!request_take(m, &info, sizeof(info)) || info.argsz < sizeof(info) ||
	    info.index >= VFIO_PCI_NUM_IRQS)
		return -EINVAL;
	info.argsz = sizeof(info);
	info.flags = VFIO_IRQ_INFO_EVENTFD;
	info.count = vectors_of(info.index);
	if (info.count)
		info.flags |= VFIO_IRQ_INFO_NORESIZE;
	request_give(m, &info, sizeof(info));
	return 0;
}

static void set_vector(struct vfio_user *client, unsigned int vector, int fd)
{
	if (client->vectors[vector] >= 0)
		close(client->vectors[vector]);
	client->vectors[vector] = fd;
}

void vfio_drop_vectors(struct vfio_user *client)
{
	for (unsigned int i = 0; i < PCI_VECTORS; i++)
		set_vector(client, i, -1);
}

/*
 * Whether the message holds the data of its type. Actions other than TRIGGER are refused.
 */
static bool has_data(const struct vfio_irq_set *set, size_t bytes, unsigned int fds)
{
	switch (set->flags) {
	case VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER:
		return !fds;
	case VFIO_IRQ_SET_DATA_BOOL | VFIO_IRQ_SET_ACTION_TRIGGER:
		return !fds && set->count && bytes >= set->count;
	case VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER:
		return set->count && (!fds || fds == set->count);
	default:
		return false;
	}
}

static bool in_range(const struct vfio_irq_set *set)
{
	uint32_t vectors;

	if (set->argsz < sizeof(*set) || set->index >= VFIO_PCI_NUM_IRQS)
		return false;
	vectors = vectors_of(set->index);
	/* all vectors are given up with a count of 0, also where there are none */
	return set->count ? set->start < vectors && set->count <= vectors - set->start :
			    !set->start;
}

/* A message without eventfds takes away those that its vectors have. */
static void assign(struct vfio_user *client, const struct vfio_irq_set *set)
{
	for (uint32_t i = 0; i < set->count; i++)
		set_vector(client, set->start + i, request_take_fd(client));
}

/* Interrupts, as a test of the client's: all vectors, or those whose byte is not 0 */
static void trigger(struct vfio_user *client, const struct vfio_irq_set *set,
		    const uint8_t *chosen)
{
	for (uint32_t i = 0; i < set->count; i++)
		if (!chosen || chosen[i])
			vfio_user_interrupt(client, set->start + i);
}

int vfio_set_irqs(struct vfio_user *client, struct vfio_request *m)
{
	struct vfio_irq_set set;

	if (!request_take(m, &set, sizeof(set)) || !in_range(&set) ||
	    !has_data(&set, m->in_len - sizeof(set),
		      fd_queue_count(&client->fds, client->consumed)))
		return -EINVAL;
	if (!set.count && set.index == VFIO_PCI_MSIX_IRQ_INDEX)
		vfio_drop_vectors(client);
	else if (set.flags & VFIO_IRQ_SET_DATA_EVENTFD)
		assign(client, &set);
	else
		trigger(client, &set,
			set.flags & VFIO_IRQ_SET_DATA_BOOL ? m->in + sizeof(set) : NULL);
	return 0;
}
