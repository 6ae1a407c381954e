/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* mr.h - memory regions: pinned, explicit ODP, implicit ODP */
#ifndef ODPLAB_RDMA_MR_H
#define ODPLAB_RDMA_MR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rdma_device;
struct rdma_sge;
struct rdma_transport;

enum mr_mode {
	MR_PINNED,
	MR_ODP,
	MR_ODP_IMPLICIT, /* the whole address space; addr and len are ignored */
	MR_MODES
};

/* NULL-terminated, for an option's choices and for reports. */
extern const char *const mr_mode_names[];

enum mr_access {
	MR_LOCAL_WRITE = 1 << 0,
	MR_REMOTE_WRITE = 1 << 1,
	MR_REMOTE_READ = 1 << 2,
	MR_REMOTE_ATOMIC = 1 << 3,
	MR_BIND = 1 << 4, /* memory windows may be bound to it */
	MR_FLUSH = 1 << 5,
	MR_RELAXED = 1 << 6,	/* the device's writes may be reordered */
	MR_HUGE_PAGES = 1 << 8, /* all of it is hugetlb: translated by huge pages */
};

#define MR_READ_ONLY MR_REMOTE_READ
#define MR_READ_WRITE \
	(MR_LOCAL_WRITE | MR_REMOTE_WRITE | MR_REMOTE_READ | MR_REMOTE_ATOMIC)

struct rdma_mr {
	const struct rdma_transport *ops; /* of the device; NULL: not registered */
	void *private;			  /* of that transport */
	enum mr_mode mode;
	uint32_t lkey;
	uint32_t rkey;
	uint64_t remote_addr; /* the peer's address of its first byte */
};

/*
 * Registers [@addr, @addr + @len). Returns 0 or -errno, without a line, as tests often
 * expect a refusal: -EOPNOTSUPP for a pinned region of an fsdax file (mm/gup.c
 * check_vma_flags()), -EFAULT for one where nothing is mapped.
 */
int rdma_mr_reg(struct rdma_mr *mr, struct rdma_device *device, void *addr, size_t len,
		enum mr_mode mode, unsigned int access);
/*
 * The same with ODP; operations address the first byte by @iova instead of @addr.
 * -EOPNOTSUPP with a transport other than verbs.
 */
int rdma_mr_reg_at(struct rdma_mr *mr, struct rdma_device *device, void *addr, size_t len,
		   uint64_t iova, unsigned int access);
/*
 * Registers a range of the dma-buf @fd (ibv_reg_dmabuf_mr(3)); operations address its
 * first byte by @iova. -EOPNOTSUPP with a driver or a transport that has no such regions.
 */
int rdma_mr_reg_dmabuf(struct rdma_mr *mr, struct rdma_device *device, int fd,
		       uint64_t offset, size_t len, uint64_t iova, unsigned int access);
void rdma_mr_dereg(struct rdma_mr *mr); /* also one that is not registered */

/* What a change of a region changes; several at once can be. */
enum mr_change_what {
	MR_CHANGE_ACCESS = 1 << 0, /* .access and .mode */
	MR_CHANGE_DOMAIN = 1 << 1, /* .other_domain */
	MR_CHANGE_RANGE = 1 << 2,  /* .addr and .len */
};

struct mr_change {
	unsigned int what;   /* enum mr_change_what */
	unsigned int access; /* enum mr_access */
	enum mr_mode mode;   /* MR_PINNED or MR_ODP */
	/* a second protection domain of the device, or else that of its queue pairs */
	bool other_domain;
	void *addr; /* of the memory, and of its first byte for operations */
	size_t len;
};

/*
 * Changes a region in place. Its keys may change. Returns 0 or -errno, without a line:
 * -EACCES for rights to write that its memory was not registered for. After an error the
 * region is as it was, or is gone where the kernel could not restore it: see
 * ibv_rereg_mr(3).
 */
int rdma_mr_rereg(struct rdma_mr *mr, struct rdma_device *device,
		  const struct mr_change *change);

enum mr_advice {
	MR_PREFETCH,	      /* for reading */
	MR_PREFETCH_WRITE,    /* for writing */
	MR_PREFETCH_NO_FAULT, /* only what is resident already */
};

#define MR_RANGES 8 /* at the most, of one advice */

/*
 * ibv_advise_mr(). Where the driver in the library does not support it but that in the
 * kernel does (soft-RoCE before rdma-core 59), the uverbs ioctl is called directly.
 * @sync: return when it is done (IBV_ADVISE_MR_FLAG_FLUSH).
 * @ranges: @n of them, of any regions of the device. Returns 0 or -errno, without a line:
 * -E2BIG for more than MR_RANGES.
 */
int rdma_mr_advise(struct rdma_device *device, enum mr_advice advice, bool sync,
		   const struct rdma_sge *ranges, unsigned int n);

#endif
