/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * persist.h - written is not yet persistent: an NVDIMM with a volatile write path
 *
 * Data that the device writes to the chosen files is coherent at once, but persistent
 * only when a READ of the same queue pair has flushed it (the appliance method). An undo
 * log keeps what was there before; a power cut rolls back all that was not flushed.
 */
#ifndef ODPLAB_EMU_PERSIST_H
#define ODPLAB_EMU_PERSIST_H

#include <stdint.h>
#include <sys/queue.h>
#include <sys/types.h>

#define PERSIST_FILES 4

struct dma;
struct undo;
TAILQ_HEAD(undo_list, undo);

struct persist_file {
	dev_t device;
	ino_t inode;
	int fd;
};

struct persist {
	unsigned int n; /* files; 0: off */
	struct persist_file files[PERSIST_FILES];
	struct undo_list log; /* oldest first */
	uint64_t bytes;	      /* in the log */
	uint64_t evicted;     /* bytes that became persistent because the log was full */
};

/* @paths: separated by commas; NULL: off. 0 or -errno with a line. */
int persist_init(struct persist *persist, const char *paths);
void persist_free(struct persist *persist);

/* @qpn is about to overwrite @len bytes at the guest's @host. */
void persist_write(struct persist *persist, const struct dma *dma, uint32_t qpn,
		   const uint8_t *host, uint64_t len);

/* A READ of @qpn: what it wrote before is persistent now. */
void persist_flush(struct persist *persist, uint32_t qpn);

/* Rolls back what is not persistent. Returns how many bytes, or -errno. */
int64_t persist_power_cut(struct persist *persist);

#endif
