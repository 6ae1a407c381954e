// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* persist.c - written is not yet persistent: an undo log, flushes, power cuts */
#include "device/persist.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/util.h"
#include "device/dma.h"

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
	int fd;		 /* of the file */
	uint64_t offset; /* in it */
	uint64_t len;
	uint8_t before[];
};

static int add_file(struct persist *persist, const char *path)
{
	struct persist_file *file = &persist->files[persist->n];
	struct stat st;

	if (persist->n == PERSIST_FILES)
		return log_errno(E2BIG, "NVDIMM's file %s: at most %d", path,
				 PERSIST_FILES);
	file->fd = open(path, O_RDWR | O_CLOEXEC);
	if (file->fd < 0)
		return log_errno(errno, "open the NVDIMM's file %s", path);
	persist->n++;
	if (fstat(file->fd, &st))
		return log_errno(errno, "stat the NVDIMM's file %s", path);
	file->device = st.st_dev;
	file->inode = st.st_ino;
	return 0;
}

int persist_init(struct persist *persist, const char *paths)
{
	_cleanup_free_ char *copy = NULL;
	char *rest, *path;
	int ret = 0;

	if (!paths)
		return 0;
	copy = strdup(paths);
	if (!copy)
		return log_errno(ENOMEM, "the NVDIMMs' files %s", paths);
	rest = copy;
	while (!ret && (path = strsep(&rest, ",")))
		ret = add_file(persist, path);
	return ret;
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
	while (persist->n)
		close(persist->files[--persist->n].fd);
}

/* The file that @host lies in, and where; -1 if it lies in none of the chosen ones. */
static int file_at(const struct persist *persist, const struct dma *dma,
		   const uint8_t *host, uint64_t *offset)
{
	const struct dma_file *file = dma_file(dma, host);

	for (unsigned int i = 0; file && i < persist->n; i++)
		if (file->device == persist->files[i].device &&
		    file->inode == persist->files[i].inode) {
			*offset = (uint64_t)(host - file->host);
			return persist->files[i].fd;
		}
	return -1;
}

void persist_write(struct persist *persist, const struct dma *dma, uint32_t qpn,
		   const uint8_t *host, uint64_t len)
{
	struct undo *undo;
	uint64_t offset;
	int fd = file_at(persist, dma, host, &offset);

	if (fd < 0)
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
	undo->fd = fd;
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

	if (!persist->n)
		return -ENOTSUP;
	/* the newest first: what several wrote ends as it was before the first of them */
	while ((undo = TAILQ_LAST(&persist->log, undo_list))) {
		if (pwrite(undo->fd, undo->before, undo->len, (off_t)undo->offset) !=
		    (ssize_t)undo->len)
			return log_errno(errno, "roll back an NVDIMM's file");
		drop(persist, undo);
	}
	return (int64_t)bytes;
}
