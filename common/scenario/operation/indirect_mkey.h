/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* indirect_mkey.h - words about indirect mkeys, which join pieces of other targets */
#ifndef ODPLAB_SCENARIO_OPERATION_INDIRECT_MKEY_H
#define ODPLAB_SCENARIO_OPERATION_INDIRECT_MKEY_H

#include <stdint.h>

#include "testcase/step.h"

struct test;
struct target;
struct local_piece;

/*
 * A target that is an indirect mkey over the pieces. Its offsets begin at 0. Operations
 * can name it. To fill or check it, or to watch its faults, name the targets of the
 * pieces. The queue pairs must have .indirect_mkeys (struct rdma_qp_spec).
 */
#define target_of_pieces(t, ...) STEP(t, target_of_pieces, #__VA_ARGS__, __VA_ARGS__)
struct target *(target_of_pieces)(struct test *t, const struct local_piece *pieces,
				  unsigned int n);

/*
 * An interleaved mkey: @rounds times all pieces, and @skip bytes left out after each
 * piece.
 */
#define target_interleaved(t, ...) STEP(t, target_interleaved, #__VA_ARGS__, __VA_ARGS__)
struct target *(target_interleaved)(struct test *t, const struct local_piece *pieces,
				    unsigned int n, uint32_t rounds, uint64_t skip);

#endif
