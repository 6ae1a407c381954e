/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * indirect_mkey.h - memory keys over other keys, which only libmlx5 makes
 *
 * A list takes pieces of regions one after the other; an interleaved layout takes one
 * piece of each in turn, again and again, at a distance. Such a key's addresses begin at
 * 0. mlx5dv_create_mkey(3), mlx5dv_wr_post(3).
 */
#ifndef ODPLAB_RDMA_VERBS_INDIRECT_MKEY_H
#define ODPLAB_RDMA_VERBS_INDIRECT_MKEY_H

#include <stdint.h>

struct mlx5dv_mkey;
struct rdma_device;
struct rdma_qp;
struct rdma_sge;

struct indirect_mkey {
	struct mlx5dv_mkey *mlx5; /* NULL: not open */
	uint32_t lkey, rkey;
};

#define KEY_PIECES 4
#define KEY_INLINE 512u /* bytes of inline data of a queue pair that fills keys */

/* All return 0 or -errno after one line; -EOPNOTSUPP without libmlx5. */
int key_open(struct indirect_mkey *key, struct rdma_device *device);
void key_close(struct indirect_mkey *key);

/* A queue pair of RC that can fill keys; qp->cq is there already. */
int key_create_qp(struct rdma_qp *qp);

/*
 * Post an operation with this id, which completes as COMPLETED_KEY: from then on the key
 * stands for a list of @n pieces; or for @repeat rounds of them, each piece @skip bytes
 * after the end of its last one.
 */
int key_list(struct indirect_mkey *key, struct rdma_qp *qp, const struct rdma_sge *pieces,
	     unsigned int n, uint64_t id);
int key_interleave(struct indirect_mkey *key, struct rdma_qp *qp,
		   const struct rdma_sge *pieces, unsigned int n, uint32_t repeat,
		   uint32_t skip, uint64_t id);

#endif
