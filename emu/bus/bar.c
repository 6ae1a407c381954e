// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bar.c - the device's BAR: the initialisation segment, then pages of doorbells */
#include "bus/bar.h"

#include "base/clock.h"
#include "base/util.h"
#include "cmd/command_queue.h"
#include "device/device.h"
#include "device/layout.h"
#include "qp/qp.h"
#include "queue/cq.h"
#include "queue/eq.h"

#include <string.h>

#define SEGMENT_BYTES	0x2000
#define INTERNAL_TIMER	0x1000 /* 64 bits */
#define HEALTH_COUNTER	0x1010
#define HEALTH_PER_SEC	100
#define QUEUE_ADDR_HIGH 0x10
#define QUEUE_ADDR_LOW	0x14
#define COMMAND_BELL	0x18
#define QUEUE_ADDR_MASK 0xfffff000u

#define FIRMWARE_MAJOR	35 /* no firmware of that name exists */
#define FIRMWARE_MINOR	16
#define FIRMWARE_SUB	4000
#define COMMAND_VERSION 5

/* Within each page of doorbells */
#define PAGE_SHIFT 12
#define BELL_CQ	   0x20
#define BELL_EQ	   0x40 /* and ask for an interrupt */
#define BELL_EQ_CI 0x48
#define BELL_SEND  0x800 /* and all after it */

static void fill_segment(const struct device *dev, uint8_t *segment)
{
	uint64_t age = clock_ns() - dev->born;

	memset(segment, 0, SEGMENT_BYTES);
	field_set(segment, initial_seg_fw_rev_major, FIRMWARE_MAJOR);
	field_set(segment, initial_seg_fw_rev_minor, FIRMWARE_MINOR);
	field_set(segment, initial_seg_fw_rev_subminor, FIRMWARE_SUB);
	field_set(segment, initial_seg_cmd_interface_rev, COMMAND_VERSION);
	store_be32(segment + QUEUE_ADDR_HIGH, (uint32_t)(dev->commands.addr >> 32));
	store_be32(segment + QUEUE_ADDR_LOW,
		   (uint32_t)dev->commands.addr & QUEUE_ADDR_MASK);
	field_set(segment, initial_seg_log_cmdq_size, COMMAND_LOG_ENTRIES);
	field_set(segment, initial_seg_log_cmdq_stride, COMMAND_LOG_STRIDE);
	store_be64(segment + INTERNAL_TIMER, age);
	store_be32(segment + HEALTH_COUNTER,
		   (uint32_t)(age / (NSEC_PER_SEC / HEALTH_PER_SEC)) & 0xffffff);
}

void bar_read(struct device *dev, uint64_t offset, void *to, size_t len)
{
	uint8_t segment[SEGMENT_BYTES];

	memset(to, 0, len);
	if (offset >= sizeof(segment))
		return;
	fill_segment(dev, segment);
	memcpy(to, segment + offset, size_min(len, sizeof(segment) - offset));
}

static void write_segment(struct device *dev, uint64_t offset, uint32_t value)
{
	uint64_t addr = dev->commands.addr;

	switch (offset) {
	case QUEUE_ADDR_HIGH:
		dev->commands.addr = (uint64_t)value << 32 | (uint32_t)addr;
		break;
	case QUEUE_ADDR_LOW:
		dev->commands.addr = (addr >> 32) << 32 | (value & QUEUE_ADDR_MASK);
		break;
	case COMMAND_BELL:
		command_doorbell(dev, value);
		break;
	default:
		break;
	}
}

static void ring(struct device *dev, uint64_t bell, const uint8_t *data, size_t len)
{
	uint32_t first = load_be32(data);

	if (bell == BELL_EQ || bell == BELL_EQ_CI)
		eq_doorbell(dev, first >> 24, first & 0xffffff, bell == BELL_EQ);
	else if (bell == BELL_CQ && len >= 8)
		cq_doorbell(dev, load_be32(data + 4), first);
	else if (bell >= BELL_SEND && len >= 8)
		qp_doorbell(dev, load_be32(data + 4) >> 8);
}

void bar_write(struct device *dev, uint64_t offset, const void *from, size_t len)
{
	if (offset >= BAR_BYTES || offset % 4)
		return;
	if (offset < SEGMENT_BYTES) {
		for (size_t i = 0; i + 4 <= len; i += 4)
			write_segment(dev, offset + i,
				      load_be32((const uint8_t *)from + i));
		return;
	}
	if (len >= 4)
		ring(dev, offset & ((1u << PAGE_SHIFT) - 1), from, len);
}
