// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* persist.c - written is not yet persistent: an undo log, flushes, power cuts */
#include "persist.h"

#include "base/log.h"
#include "base/util.h"
#include "dma.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* As a cache would, the log lets go of its oldest entries when it is full. */
#define LOG_BYTES MiB(64)

struct undo {
	TAILQ_ENTRY(undo) entry;
	uint32_t qpn;
	uint64_t offset; /* in the file */
	uint64_t len;
	uint8_t before[];
};

int persist_init(struct persist *persist, const char *path)
{
	struct stat st;

	persist->fd = -1;
	if (!path)
		return 0;
	persist->fd = open(path, O_RDWR | O_CLOEXEC);
	if (persist->fd < 0 || fstat(persist->fd, &st))
		return log_errno(errno, "open the NVDIMM's file %s", path);
	persist->device = st.st_dev;
	persist->inode = st.st_ino;
	persist->on = true;
	return 0;
}

static void drop(struct persist *persist, struct undo *undo)
{
	TAILQ_REMOVE(&persist->log, undo, entry);
	persist->bytes -= undo->len;
	free(undo);
}

void persist_free(struct persist *persist)
{
	while (!TAILQ_EMPTY(&persist->log))
		drop(persist, TAILQ_FIRST(&persist->log));
	if (persist->fd >= 0)
		close(persist->fd);
	persist->fd = -1;
	persist->on = false;
}

/* Where @host lies in the file; false if it does not. */
static bool file_offset(const struct persist *persist, const struct dma *dma,
			const uint8_t *host, uint64_t *offset)
{
	for (unsigned int i = 0; i < dma->n; i++) {
		const struct dma_window *w = &dma->windows[i];

		if (!w->mapped || w->device != persist->device ||
		    w->inode != persist->inode || host < w->host ||
		    host >= w->host + w->size)
			continue;
		*offset = w->offset + (uint64_t)(host - w->host);
		return true;
	}
	return false;
}

void persist_write(struct persist *persist, const struct dma *dma, uint32_t qpn,
		   const uint8_t *host, uint64_t len)
{
	struct undo *undo;
	uint64_t offset;

	if (!file_offset(persist, dma, host, &offset))
		return;
	while (persist->bytes + len > LOG_BYTES && !TAILQ_EMPTY(&persist->log)) {
		persist->evicted += TAILQ_FIRST(&persist->log)->len;
		drop(persist, TAILQ_FIRST(&persist->log));
	}
	undo = malloc(sizeof(*undo) + len);
	if (!undo) {
		persist->evicted += len;
		return;
	}
	undo->qpn = qpn;
	undo->offset = offset;
	undo->len = len;
	memcpy(undo->before, host, len);
	TAILQ_INSERT_TAIL(&persist->log, undo, entry);
	persist->bytes += len;
}

void persist_flush(struct persist *persist, uint32_t qpn)
{
	struct undo *undo, *next;

	for (undo = TAILQ_FIRST(&persist->log); undo; undo = next) {
		next = TAILQ_NEXT(undo, entry);
		if (undo->qpn == qpn)
			drop(persist, undo);
	}
}

int64_t persist_power_cut(struct persist *persist)
{
	uint64_t bytes = persist->bytes;
	struct undo *undo;

	if (!persist->on)
		return -ENOTSUP;
	/* the newest first: what several wrote ends as it was before the first of them */
	while ((undo = TAILQ_LAST(&persist->log, undo_list))) {
		if (pwrite(persist->fd, undo->before, undo->len, (off_t)undo->offset) !=
		    (ssize_t)undo->len)
			return log_errno(errno, "roll back the NVDIMM's file");
		drop(persist, undo);
	}
	return (int64_t)bytes;
}
