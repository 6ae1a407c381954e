// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* vfio_messages.c - what each message of the vfio-user protocol does */
#include "bus/vfio_messages.h"

#include "base/util.h"
#include "bus/bar.h"
#include "bus/vfio_request.h"
#include "transfer/delayed_dma.h"

#include <errno.h>
#include <linux/vfio.h>
#include <string.h>
#include <unistd.h>

#define REGIONS	     VFIO_PCI_NUM_REGIONS
#define DMA_READABLE 1u
#define DMA_WRITABLE 2u
#define UNMAP_ALL    2u /* the only flag of an unmap: dirty pages are not tracked */

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

static int map(struct vfio_user *client, struct vfio_request *m)
{
	struct dma_map_request r;
	int fd, ret;

	if (!request_take(m, &r, sizeof(r)) || r.argsz < sizeof(r) ||
	    r.flags & ~(DMA_READABLE | DMA_WRITABLE))
		return -EINVAL;
	fd = request_take_fd(client);
	ret = dma_map(&client->dev->dma, r.addr, r.size, fd, r.offset,
		      r.flags & DMA_WRITABLE);
	if (fd >= 0)
		close(fd);
	return ret;
}

/*
 * Writes that are under way there land now. Behind an IOMMU other pages go all the time.
 */
static void finish_writes(struct device *dev, uint64_t addr, uint64_t size)
{
	const struct dma_window *w;

	while ((w = dma_first(&dev->dma, addr, size))) {
		uint64_t end = w->addr + w->size;

		if (w->host)
			delayed_dma_finish(dev, w->host, w->size);
		if (end <= addr || end - addr >= size)
			break;
		size -= end - addr;
		addr = end;
	}
}

static int unmap(struct vfio_user *client, struct vfio_request *m)
{
	struct dma_unmap_request r;
	int ret = 0;

	if (!request_take(m, &r, sizeof(r)) || r.argsz < sizeof(r) ||
	    r.flags & ~UNMAP_ALL)
		return -EINVAL;
	if (r.flags & UNMAP_ALL) {
		delayed_dma_finish_all(client->dev);
		dma_unmap_all(&client->dev->dma);
	} else {
		finish_writes(client->dev, r.addr, r.size);
		ret = dma_unmap(&client->dev->dma, r.addr, r.size);
	}
	request_give(m, &r, sizeof(r));
	return ret;
}

static int device_info(struct vfio_user *client, struct vfio_request *m)
{
	struct vfio_device_info info = { .argsz = 16,
					 .flags = VFIO_DEVICE_FLAGS_RESET |
						  VFIO_DEVICE_FLAGS_PCI,
					 .num_regions = REGIONS,
					 .num_irqs = VFIO_PCI_NUM_IRQS };

	request_give(m, &info, info.argsz);
	return 0;
}

static int region_info(struct vfio_user *client, struct vfio_request *m)
{
	struct vfio_region_info info;

	if (!request_take(m, &info, sizeof(info)) || info.index >= REGIONS)
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
	request_give(m, &info, sizeof(info));
	return 0;
}

static int region_read(struct vfio_user *client, struct vfio_request *m)
{
	struct region_access a;

	if (!request_take(m, &a, sizeof(a)) || a.count > client->max_data)
		return -EINVAL;
	request_give(m, &a, sizeof(a));
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

static int region_write(struct vfio_user *client, struct vfio_request *m)
{
	struct region_access a;

	if (!request_take(m, &a, sizeof(a)) || a.count > m->in_len - sizeof(a) ||
	    a.count > client->max_data)
		return -EINVAL;
	request_give(m, &a, sizeof(a));
	return write_region(client, &a, m->in + sizeof(a));
}

/* Several short writes in one message, each with 8 bytes of room for its data. */
static int write_multiple(struct vfio_user *client, struct vfio_request *m)
{
	struct {
		struct region_access a;
		uint8_t data[8];
	} item;
	uint64_t n, done;

	if (!request_take(m, &n, sizeof(n)) || n > (m->in_len - sizeof(n)) / sizeof(item))
		return -EINVAL;
	for (done = 0; done < n; done++) {
		memcpy(&item, m->in + sizeof(n) + done * sizeof(item), sizeof(item));
		if (item.a.count > sizeof(item.data) ||
		    write_region(client, &item.a, item.data))
			break;
	}
	request_give(m, &done, sizeof(done));
	return done == n ? 0 : -EINVAL;
}

static int reset(struct vfio_user *client, struct vfio_request *m)
{
	device_reset(client->dev);
	pci_init(&client->pci, client->dev->config.scheme);
	return 0;
}

static int (*const handlers[])(struct vfio_user *client, struct vfio_request *m) = {
	[VFIO_USER_VERSION] = vfio_version,
	[VFIO_USER_DMA_MAP] = map,
	[VFIO_USER_DMA_UNMAP] = unmap,
	[VFIO_USER_DEVICE_GET_INFO] = device_info,
	[VFIO_USER_DEVICE_GET_REGION_INFO] = region_info,
	[VFIO_USER_DEVICE_GET_IRQ_INFO] = vfio_irq_info,
	[VFIO_USER_DEVICE_SET_IRQS] = vfio_set_irqs,
	[VFIO_USER_REGION_READ] = region_read,
	[VFIO_USER_REGION_WRITE] = region_write,
	[VFIO_USER_DEVICE_RESET] = reset,
	[VFIO_USER_REGION_WRITE_MULTI] = write_multiple,
};

int vfio_message(struct vfio_user *client, unsigned int command, const uint8_t *in,
		 size_t in_len, uint8_t *out, size_t *out_len)
{
	struct vfio_request m = { .in = in, .in_len = in_len, .out = out };
	int ret;

	if (command >= ARRAY_SIZE(handlers) || !handlers[command])
		return -ENOTSUP;
	ret = handlers[command](client, &m);
	*out_len = ret ? 0 : m.out_len;
	return ret;
}
