// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* vfio_messages.c - what each message of the vfio-user protocol does */
#include "bus/vfio_messages.h"

#include "base/util.h"
#include "bus/bar.h"
#include "transport/delayed_dma.h"

#include <errno.h>
#include <linux/vfio.h>
#include <string.h>
#include <unistd.h>

#define REGIONS	     VFIO_PCI_NUM_REGIONS
#define DMA_WRITABLE 2u
#define UNMAP_ALL    2u

/* Both versions, then a JSON object */
static const char capabilities[] =
	"{\"capabilities\":{\"max_msg_fds\":8,\"max_data_xfer_size\":1048576,"
	"\"write_multiple\":true}}";

struct message {
	const uint8_t *in;
	size_t in_len;
	uint8_t *out;
	size_t out_len;
};

struct version {
	uint16_t major, minor;
};

struct dma_map_request {
	uint32_t argsz, flags;
	uint64_t offset, addr, size;
};

struct dma_unmap_request {
	uint32_t argsz, flags;
	uint64_t addr, size;
};

struct region_access {
	uint64_t offset;
	uint32_t region, count;
};

/* Copies the message's fixed part; false if it is shorter. */
static bool take(const struct message *m, void *to, size_t len)
{
	if (m->in_len < len)
		return false;
	memcpy(to, m->in, len);
	return true;
}

static void give(struct message *m, const void *from, size_t len)
{
	memcpy(m->out + m->out_len, from, len);
	m->out_len += len;
}

static int version(struct vfio_user *client, struct message *m)
{
	struct version v;

	if (!take(m, &v, sizeof(v)))
		return -EINVAL;
	if (v.major)
		return -ENOTSUP;
	give(m, &(struct version){ 0, 0 }, sizeof(v));
	give(m, capabilities, sizeof(capabilities));
	return 0;
}

/* Takes one of the descriptors that came with this message; -1 if there is none. */
static int take_fd(struct vfio_user *client)
{
	return fd_queue_count(&client->fds, client->consumed) ?
		       fd_queue_pop(&client->fds) :
		       -1;
}

static int map(struct vfio_user *client, struct message *m)
{
	struct dma_map_request r;
	int fd, ret;

	if (!take(m, &r, sizeof(r)))
		return -EINVAL;
	fd = take_fd(client);
	ret = dma_map(&client->dev->dma, r.addr, r.size, fd, r.offset,
		      r.flags & DMA_WRITABLE);
	if (fd >= 0)
		close(fd);
	return ret;
}

static int unmap(struct vfio_user *client, struct message *m)
{
	struct dma_unmap_request r;
	int ret = 0;

	if (!take(m, &r, sizeof(r)))
		return -EINVAL;
	delayed_dma_finish_all(client->dev);
	if (r.flags & UNMAP_ALL)
		dma_unmap_all(&client->dev->dma);
	else
		ret = dma_unmap(&client->dev->dma, r.addr, r.size);
	give(m, &r, sizeof(r));
	return ret;
}

static int device_info(struct vfio_user *client, struct message *m)
{
	struct vfio_device_info info = { .argsz = 16,
					 .flags = VFIO_DEVICE_FLAGS_RESET |
						  VFIO_DEVICE_FLAGS_PCI,
					 .num_regions = REGIONS,
					 .num_irqs = VFIO_PCI_NUM_IRQS };

	give(m, &info, info.argsz);
	return 0;
}

static int region_info(struct vfio_user *client, struct message *m)
{
	struct vfio_region_info info;

	if (!take(m, &info, sizeof(info)) || info.index >= REGIONS)
		return -EINVAL;
	info.argsz = sizeof(info);
	info.cap_offset = 0;
	info.offset = 0;
	info.size = 0;
	info.flags = 0;
	if (info.index == VFIO_PCI_BAR0_REGION_INDEX)
		info.size = BAR_BYTES;
	else if (info.index == VFIO_PCI_CONFIG_REGION_INDEX)
		info.size = PCI_BYTES;
	if (info.size)
		info.flags = VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE;
	give(m, &info, sizeof(info));
	return 0;
}

static int irq_info(struct vfio_user *client, struct message *m)
{
	struct vfio_irq_info info;

	if (!take(m, &info, sizeof(info)) || info.index >= VFIO_PCI_NUM_IRQS)
		return -EINVAL;
	info.argsz = sizeof(info);
	info.flags = VFIO_IRQ_INFO_EVENTFD;
	info.count = 0;
	if (info.index == VFIO_PCI_MSIX_IRQ_INDEX) {
		info.flags |= VFIO_IRQ_INFO_NORESIZE;
		info.count = PCI_VECTORS;
	}
	give(m, &info, sizeof(info));
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

static int set_irqs(struct vfio_user *client, struct message *m)
{
	struct vfio_irq_set set;

	if (!take(m, &set, sizeof(set)) || set.index >= VFIO_PCI_NUM_IRQS)
		return -EINVAL;
	if (set.index != VFIO_PCI_MSIX_IRQ_INDEX)
		return set.count ? -EINVAL : 0;
	if (set.start > PCI_VECTORS || set.count > PCI_VECTORS - set.start)
		return -EINVAL;
	if (!set.count)
		vfio_drop_vectors(client);
	else if (set.flags & VFIO_IRQ_SET_DATA_EVENTFD)
		for (unsigned int i = 0; i < set.count; i++)
			set_vector(client, set.start + i, take_fd(client));
	return 0;
}

static int region_read(struct vfio_user *client, struct message *m)
{
	struct region_access a;

	if (!take(m, &a, sizeof(a)) || a.count > VFIO_USER_MAX_DATA)
		return -EINVAL;
	give(m, &a, sizeof(a));
	if (a.region == VFIO_PCI_BAR0_REGION_INDEX)
		bar_read(client->dev, a.offset, m->out + m->out_len, a.count);
	else if (a.region == VFIO_PCI_CONFIG_REGION_INDEX)
		pci_read(&client->pci, a.offset, m->out + m->out_len, a.count);
	else
		return -EINVAL;
	m->out_len += a.count;
	return 0;
}

static int write_region(struct vfio_user *client, const struct region_access *a,
			const uint8_t *data)
{
	if (a->region == VFIO_PCI_BAR0_REGION_INDEX)
		bar_write(client->dev, a->offset, data, a->count);
	else if (a->region == VFIO_PCI_CONFIG_REGION_INDEX)
		pci_write(&client->pci, a->offset, data, a->count);
	else
		return -EINVAL;
	return 0;
}

static int region_write(struct vfio_user *client, struct message *m)
{
	struct region_access a;

	if (!take(m, &a, sizeof(a)) || a.count > m->in_len - sizeof(a))
		return -EINVAL;
	give(m, &a, sizeof(a));
	return write_region(client, &a, m->in + sizeof(a));
}

/* Several short writes in one message, each with 8 bytes of room for its data. */
static int write_multiple(struct vfio_user *client, struct message *m)
{
	struct {
		struct region_access a;
		uint8_t data[8];
	} item;
	uint64_t n, done;

	if (!take(m, &n, sizeof(n)) || n > (m->in_len - sizeof(n)) / sizeof(item))
		return -EINVAL;
	for (done = 0; done < n; done++) {
		memcpy(&item, m->in + sizeof(n) + done * sizeof(item), sizeof(item));
		if (item.a.count > sizeof(item.data) ||
		    write_region(client, &item.a, item.data))
			break;
	}
	give(m, &done, sizeof(done));
	return done == n ? 0 : -EINVAL;
}

static int reset(struct vfio_user *client, struct message *m)
{
	device_reset(client->dev);
	pci_init(&client->pci, client->dev->config.scheme);
	return 0;
}

static int (*const handlers[])(struct vfio_user *client, struct message *m) = {
	[VFIO_USER_VERSION] = version,
	[VFIO_USER_DMA_MAP] = map,
	[VFIO_USER_DMA_UNMAP] = unmap,
	[VFIO_USER_DEVICE_GET_INFO] = device_info,
	[VFIO_USER_DEVICE_GET_REGION_INFO] = region_info,
	[VFIO_USER_DEVICE_GET_IRQ_INFO] = irq_info,
	[VFIO_USER_DEVICE_SET_IRQS] = set_irqs,
	[VFIO_USER_REGION_READ] = region_read,
	[VFIO_USER_REGION_WRITE] = region_write,
	[VFIO_USER_DEVICE_RESET] = reset,
	[VFIO_USER_REGION_WRITE_MULTI] = write_multiple,
};

int vfio_message(struct vfio_user *client, unsigned int command, const uint8_t *in,
		 size_t in_len, uint8_t *out, size_t *out_len)
{
	struct message m = { .in = in, .in_len = in_len, .out = out };
	int ret;

	if (command >= ARRAY_SIZE(handlers) || !handlers[command])
		return -ENOTSUP;
	ret = handlers[command](client, &m);
	*out_len = ret ? 0 : m.out_len;
	return ret;
}
