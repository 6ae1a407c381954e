// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* guest_queues.c - a driver without a kernel: queue pairs, keys, work requests */
#include "cmocka_all.h"
#include "guest.h"
#include "port/port.h"

#include <string.h>

#define RECEIVE_STRIDE 16
#define SHARED_STRIDE  32 /* with a link to the next */
#define RING_BYTES     ((RECEIVE_STRIDE + WQE_BLOCK) << QUEUE_LOG)

void guest_create_qp(struct guest *g, struct guest_qp *qp, unsigned int service,
		     uint32_t srqn)
{
	uint8_t in[272 + 16] = { 0 }, out[16], *c = block(in, create_qp_in_qpc);
	uint64_t ring = guest_alloc(g, RING_BYTES), record = guest_alloc(g, 8);
	bool own = service != SERVICE_UMR && service != SERVICE_XRC && !srqn;

	*qp = (struct guest_qp){ 0 };
	store_be32(in, COMMAND_CREATE_QP << 16);
	field_set(c, qpc_st, service);
	field_set(c, qpc_pd, g->pd);
	field_set(c, qpc_rq_type,
		  own  ? RECEIVE_OWN :
		  srqn ? RECEIVE_SHARED :
			 RECEIVE_NONE);
	field_set(c, qpc_srqn_rmpn_xrqn, srqn);
	field_set(c, qpc_log_rq_size, QUEUE_LOG);
	field_set(c, qpc_log_sq_size, QUEUE_LOG);
	field_set(c, qpc_cqn_snd, g->cq.number);
	field_set(c, qpc_cqn_rcv, g->cq.number);
	field_set(c, qpc_dbr_addr, record);
	for (unsigned int i = 0; i < (RING_BYTES + PAGE - 1) / PAGE; i++)
		store_be64((uint8_t *)block(in, create_qp_in_pas) + i * 8,
			   ring + i * PAGE);
	assert_int_equal(guest_command(g, in, sizeof(in), out, sizeof(out)), STATUS_OK);
	qp->number = (uint32_t)field_get(out, create_qp_out_qpn);
	qp->receive.ring = ring;
	qp->send.ring = ring + (own ? RECEIVE_STRIDE << QUEUE_LOG : 0);
	qp->receive.record = record;
	qp->send.record = record + 4;
}

enum command_status guest_modify(struct guest *g, const struct guest_qp *qp,
				 uint16_t opcode, const uint8_t *qpc, uint32_t mask)
{
	uint8_t in[272] = { 0 };

	store_be32(in, (uint32_t)opcode << 16);
	field_set(in, rst2init_qp_in_qpn, qp->number);
	field_set(in, rst2init_qp_in_opt_param_mask, mask);
	memcpy(block(in, rst2init_qp_in_qpc), qpc, QP_CONTEXT);
	return guest_command(g, in, sizeof(in), NULL, 16);
}

static void bring_up(struct guest *g, const struct guest_pair *pair,
		     const struct guest_qp *qp, uint32_t peer)
{
	uint8_t c[QP_CONTEXT] = { 0 }, *path = block(c, qpc_primary_address_path);

	field_set(c, qpc_pd, g->pd);
	field_set(c, qpc_rre, 1);
	field_set(c, qpc_rwe, 1);
	field_set(c, qpc_rae, 1);
	field_set(c, qpc_remote_qpn, peer);
	field_set(c, qpc_counter_set_id, pair->counters);
	field_set(c, qpc_min_rnr_nak, 1);
	field_set(c, qpc_retry_count, pair->retries);
	field_set(c, qpc_rnr_retry, pair->rnr_retries);
	field_set(path, ads_rlid, PORT_LID);
	field_set(path, ads_ack_timeout, pair->timeout);
	assert_int_equal(guest_modify(g, qp, COMMAND_RST2INIT_QP, c, 0), STATUS_OK);
	assert_int_equal(guest_modify(g, qp, COMMAND_INIT2RTR_QP, c, 0), STATUS_OK);
	assert_int_equal(guest_modify(g, qp, COMMAND_RTR2RTS_QP, c, 0), STATUS_OK);
}

void guest_connect(struct guest *g, struct guest_pair *pair)
{
	guest_create_qp(g, &pair->a, pair->service, pair->srqn);
	guest_create_qp(g, &pair->b, pair->service, pair->srqn);
	bring_up(g, pair, &pair->a, pair->b.number);
	bring_up(g, pair, &pair->b, pair->a.number);
}

void guest_umr_qp(struct guest *g, struct guest_qp *qp)
{
	struct guest_pair pair = { 0 };

	guest_create_qp(g, qp, SERVICE_UMR, 0);
	bring_up(g, &pair, qp, 0);
}

uint32_t guest_mkey(struct guest *g, uint64_t addr, unsigned int pages,
		    unsigned int rights, unsigned int flags)
{
	uint8_t in[272 + 16 * 256] = { 0 }, out[16];
	uint8_t *c = block(in, create_mkey_in_memory_key_mkey_entry);
	uint8_t *mtt = block(in, create_mkey_in_klm_pas_mtt);

	assert_true(pages <= 512);
	store_be32(in, COMMAND_CREATE_MKEY << 16);
	field_set(in, create_mkey_in_translations_octword_actual_size, (pages + 1) / 2);
	field_set(c, mkc_translations_octword_size, (pages + 1) / 2);
	field_set(c, mkc_access_mode_1_0, MKEY_MTT);
	field_set(c, mkc_umr_en, 1);
	field_set(c, mkc_lr, !!(rights & RIGHT_LOCAL_READ));
	field_set(c, mkc_lw, !!(rights & RIGHT_LOCAL_WRITE));
	field_set(c, mkc_rr, !!(rights & RIGHT_REMOTE_READ));
	field_set(c, mkc_rw, !!(rights & RIGHT_REMOTE_WRITE));
	field_set(c, mkc_a, !!(rights & RIGHT_ATOMIC));
	field_set(c, mkc_qpn, MKEY_ANY_QP);
	field_set(c, mkc_mkey_7_0, 0x42);
	field_set(c, mkc_pd, g->pd);
	field_set(c, mkc_start_addr, addr);
	field_set(c, mkc_len, (uint64_t)pages * PAGE);
	field_set(c, mkc_log_page_size, 12);
	for (unsigned int i = 0; i < pages; i++)
		store_be64(mtt + i * 8, flags ? (addr + (uint64_t)i * PAGE) | flags : 0);
	assert_int_equal(guest_command(g, in, sizeof(in), out, sizeof(out)), STATUS_OK);
	return (uint32_t)field_get(out, create_mkey_out_mkey_index) << 8 | 0x42;
}

uint32_t guest_list_key(struct guest *g, unsigned int octowords)
{
	uint8_t in[272] = { 0 }, out[16];
	uint8_t *c = block(in, create_mkey_in_memory_key_mkey_entry);

	store_be32(in, COMMAND_CREATE_MKEY << 16);
	field_set(c, mkc_free, 1);
	field_set(c, mkc_umr_en, 1);
	field_set(c, mkc_lr, 1);
	field_set(c, mkc_en_rinval, 1);
	field_set(c, mkc_access_mode_1_0, MKEY_KLM);
	field_set(c, mkc_qpn, MKEY_ANY_QP);
	field_set(c, mkc_pd, g->pd);
	field_set(c, mkc_translations_octword_size, octowords);
	assert_int_equal(guest_command(g, in, sizeof(in), out, sizeof(out)), STATUS_OK);
	return (uint32_t)field_get(out, create_mkey_out_mkey_index) << 8;
}

uint32_t guest_shared_queue(struct guest *g, struct guest_queue *queue)
{
	uint8_t in[272 + 16] = { 0 }, out[16];
	uint8_t *wq = block(block(in, create_rmp_in_ctx), rmpc_wq);

	*queue = (struct guest_queue){ .ring = guest_alloc(g, PAGE),
				       .record = guest_alloc(g, 8) };
	store_be32(in, COMMAND_CREATE_RMP << 16);
	store_be64(in + 272, queue->ring);
	field_set(wq, wq_log_wq_sz, 2);
	field_set(wq, wq_log_wq_stride, 5);
	field_set(wq, wq_pd, g->pd);
	field_set(wq, wq_dbr_addr, queue->record);
	assert_int_equal(guest_command(g, in, sizeof(in), out, sizeof(out)), STATUS_OK);
	return (uint32_t)field_get(out, create_rmp_out_rmpn);
}

void guest_shared_fill(struct guest *g, const struct guest_queue *queue, uint64_t addr,
		       uint32_t len, uint32_t lkey)
{
	for (unsigned int i = 0; i < 4; i++) {
		uint8_t *entry = guest_at(g, queue->ring + i * SHARED_STRIDE);

		field_set(entry, srq_next_seg_next_wqe_index, i + 1);
		guest_segment(entry + 16, addr + i * len, len, lkey);
	}
}

uint32_t guest_target(struct guest *g, uint32_t srqn, uint64_t access_key)
{
	uint8_t in[144] = { 0 }, out[16];
	uint8_t *c = block(in, create_dct_in_dct_context_entry);

	store_be32(in, COMMAND_CREATE_DCT << 16);
	field_set(c, dctc_pd, g->pd);
	field_set(c, dctc_cqn, g->cq.number);
	field_set(c, dctc_srqn_xrqn, srqn);
	field_set(c, dctc_dc_access_key, access_key);
	field_set(c, dctc_rre, 1);
	field_set(c, dctc_rwe, 1);
	field_set(c, dctc_rae, 1);
	field_set(c, dctc_min_rnr_nak, 1);
	assert_int_equal(guest_command(g, in, sizeof(in), out, sizeof(out)), STATUS_OK);
	return (uint32_t)field_get(out, create_dct_out_dctn);
}

static void ring_bell(struct guest *g, const struct guest_qp *qp)
{
	uint8_t bell[8];

	store_be32(guest_at(g, qp->send.record), qp->send.produced);
	store_be32(bell, 0);
	store_be32(bell + 4, qp->number << 8);
	bar_write(g->dev, 0x10000 + 0x800, bell, sizeof(bell));
}

void guest_post_raw(struct guest *g, struct guest_qp *qp, const void *wqe,
		    unsigned int blocks)
{
	for (unsigned int i = 0; i < blocks; i++) {
		uint64_t slot = (qp->send.produced + i) % (1u << QUEUE_LOG);

		memcpy(guest_at(g, qp->send.ring + slot * WQE_BLOCK),
		       (const uint8_t *)wqe + i * WQE_BLOCK, WQE_BLOCK);
	}
	qp->send.produced += blocks;
	ring_bell(g, qp);
}

void guest_segment(uint8_t *seg, uint64_t addr, uint64_t len, uint32_t lkey)
{
	field_set(seg, data_seg_byte_count, len);
	field_set(seg, data_seg_lkey, lkey);
	field_set(seg, data_seg_addr, addr);
}

static unsigned int add_data(const struct guest *g, uint8_t *wqe, unsigned int at,
			     const struct guest_work *w)
{
	if (w->inlined) {
		store_be32(wqe + at, 1u << 31 | w->inlined);
		memcpy(wqe + at + 4, guest_at(g, w->local), w->inlined);
		return at + (4 + w->inlined + 15) / 16 * 16;
	}
	if (!w->len)
		return at;
	guest_segment(wqe + at, w->local, w->len, w->lkey);
	return at + 16;
}

void guest_post(struct guest *g, struct guest_qp *qp, const struct guest_work *w)
{
	bool atomic = w->opcode == OPCODE_COMPARE_SWAP || w->opcode == OPCODE_FETCH_ADD;
	uint8_t wqe[256] = { 0 };
	unsigned int at = 16;

	if (w->opcode >= OPCODE_WRITE && w->opcode != OPCODE_SEND &&
	    w->opcode != OPCODE_SEND_IMM) {
		field_set(wqe + at, raddr_seg_raddr, w->remote);
		field_set(wqe + at, raddr_seg_rkey, w->rkey);
		at += 16;
	}
	if (atomic) {
		field_set(wqe + at, atomic_seg_swap_add, w->swap);
		field_set(wqe + at, atomic_seg_compare, w->compare);
		at += 16;
	}
	at = add_data(g, wqe, at, w);
	field_set(wqe, ctrl_seg_opcode, w->opcode);
	field_set(wqe, ctrl_seg_qpn, qp->number);
	field_set(wqe, ctrl_seg_ds, at / 16);
	field_set(wqe, ctrl_seg_fm_ce_se, w->unsignaled ? 0 : 8);
	field_set(wqe, ctrl_seg_imm, w->immediate);
	guest_post_raw(g, qp, wqe, (at + WQE_BLOCK - 1) / WQE_BLOCK);
}

void guest_receive(struct guest *g, struct guest_qp *qp, uint64_t addr, uint32_t len,
		   uint32_t lkey)
{
	uint64_t slot = qp->receive.produced++ % (1u << QUEUE_LOG);
	uint8_t *seg = guest_at(g, qp->receive.ring + slot * RECEIVE_STRIDE);

	guest_segment(seg, addr, len, lkey);
	store_be32(guest_at(g, qp->receive.record), qp->receive.produced);
}

void guest_update(struct guest *g, struct guest_qp *umr, uint32_t key, uint64_t first,
		  unsigned int entries, const uint64_t *values)
{
	uint8_t wqe[1024] = { 0 };
	unsigned int bytes = 128 + (entries + 7) / 8 * 64;

	assert_true(bytes <= WQE_MAX_BYTES && first % 2 == 0);
	field_set(wqe, ctrl_seg_opcode, OPCODE_UMR);
	field_set(wqe, ctrl_seg_ds, bytes / 16);
	field_set(wqe, ctrl_seg_fm_ce_se, 8);
	field_set(wqe, ctrl_seg_imm, key);
	field_set(wqe + 16, umr_ctrl_seg_flags, 0x90); /* inline, at an offset */
	field_set(wqe + 16, umr_ctrl_seg_xlt_octowords, (entries + 1) / 2);
	field_set(wqe + 16, umr_ctrl_seg_xlt_offset_15_0, first / 2);
	for (unsigned int i = 0; i < entries; i++)
		store_be64(wqe + 128 + i * 8, values[i]);
	guest_post_raw(g, umr, wqe, (bytes + WQE_BLOCK - 1) / WQE_BLOCK);
}
