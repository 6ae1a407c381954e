// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* part_queue.c - a program's ends: its device, queue pairs, operations */
#include "reproducer/part.h"

/* The lines are those of the program. */
/* clang-format off */

const char text_of_includes[] =
	"#define _GNU_SOURCE\n"
	"#include <errno.h>\n"
	"#include <fcntl.h>\n"
	"#include <infiniband/verbs.h>\n"
	"#include <stdio.h>\n"
	"#include <stdlib.h>\n"
	"#include <string.h>\n"
	"#include <sys/mman.h>\n"
	"#include <time.h>\n"
	"#include <unistd.h>\n";

const char text_of_htonl[] =
	"#include <arpa/inet.h>\n";

const char text_of_ficlone[] =
	"#include <linux/fs.h>\n"
	"#include <sys/ioctl.h>\n";

const char text_of_syscall[] =
	"#include <sys/syscall.h>\n";

const char text_of_waitpid[] =
	"#include <sys/wait.h>\n";

const char text_of_head[] =
	"\n"
	"enum { DEFECT = 1, LACKS = 77, ZEROS = 0xffff };\n"
	"\n"
	"static struct ibv_context *context;\n"
	"static struct ibv_pd *pd;\n"
	"static const char *now = \"the start\"; /* the step of the scenario */\n"
	"\n"
	"#define end(status, ...) \\\n"
	"\t(printf(#status \": %s: \", now), printf(__VA_ARGS__), puts(\"\"), exit(status))\n"
	"/* Of calls that are not what is tested. */\n"
	"#define must(call) ((call) ? end(LACKS, \"%s: %s\", #call, strerror(errno)) : (void)0)\n"
	"\n"
	"static void open_device(const char *name, uint64_t general, uint32_t rc)\n"
	"{\n"
	"\tstruct ibv_device **list = ibv_get_device_list(NULL);\n"
	"\tstruct ibv_device_attr_ex attr = { 0 };\n"
	"\n"
	"\tfor (; list && *list && !context; list++)\n"
	"\t\tif (!name || !strcmp(name, ibv_get_device_name(*list)))\n"
	"\t\t\tcontext = ibv_open_device(*list);\n"
	"\tpd = context ? ibv_alloc_pd(context) : NULL;\n"
	"\tif (!pd || ibv_query_device_ex(context, NULL, &attr) ||\n"
	"\t    general & ~attr.odp_caps.general_caps ||\n"
	"\t    rc & ~attr.odp_caps.per_transport_caps.rc_odp_caps)\n"
	"\t\tend(LACKS, \"no such device, or none with on-demand paging for these operations\");\n"
	"}\n";

const char text_of_pair[] =
	"static struct pair {\n"
	"\tstruct ibv_cq *cq[2];\n"
	"\tstruct ibv_qp *qp[2];\n"
	"\tuint64_t posted[3], done[3];\n"
	"} pairs[PAIRS];\n"
	"\n"
	"static void open_end(struct pair *pair, int e)\n"
	"{\n"
	"\tstruct ibv_qp_init_attr init = { .qp_type = IBV_QPT_RC, .sq_sig_all = 1,\n"
	"\t\t\t\t\t .cap = { 64, 64, MAX_SGE, MAX_SGE, MAX_INLINE } };\n"
	"\n"
	"\tmust(pair->qp[e] && (ibv_destroy_qp(pair->qp[e]) || ibv_destroy_cq(pair->cq[e])));\n"
	"\tpair->cq[e] = ibv_create_cq(context, 128, NULL, NULL, 0);\n"
	"\tinit.send_cq = init.recv_cq = pair->cq[e];\n"
	"\tmust(!pair->cq[e] || !(pair->qp[e] = ibv_create_qp(pd, &init)));\n"
	"\tpair->posted[e] = pair->done[e] = pair->posted[RECEIVE] = pair->done[RECEIVE] = 0;\n"
	"}\n"
	"\n"
	"static void connect_end(struct pair *pair, int e, int mtu, int timeout, int rnr_retry)\n"
	"{\n"
	"\tstatic const int masks[] = {\n"
	"\t\tIBV_QP_PKEY_INDEX | IBV_QP_PORT | IBV_QP_ACCESS_FLAGS,\n"
	"\t\tIBV_QP_AV | IBV_QP_PATH_MTU | IBV_QP_DEST_QPN | IBV_QP_RQ_PSN |\n"
	"\t\t\tIBV_QP_MAX_DEST_RD_ATOMIC | IBV_QP_MIN_RNR_TIMER,\n"
	"\t\tIBV_QP_TIMEOUT | IBV_QP_RETRY_CNT | IBV_QP_RNR_RETRY | IBV_QP_SQ_PSN |\n"
	"\t\t\tIBV_QP_MAX_QP_RD_ATOMIC,\n"
	"\t};\n"
	"\tstruct ibv_qp_attr attr = {\n"
	"\t\t.port_num = PORT, .qp_access_flags = READ_WRITE, .dest_qp_num = pair->qp[!e]->qp_num,\n"
	"\t\t.max_rd_atomic = 1, .max_dest_rd_atomic = 1, .min_rnr_timer = 12,\n"
	"\t\t.timeout = timeout, .retry_cnt = 7, .rnr_retry = rnr_retry,\n"
	"\t\t.ah_attr = { .port_num = PORT, .grh = { .sgid_index = GID_INDEX, .hop_limit = 64 } },\n"
	"\t};\n"
	"\tstruct ibv_port_attr port;\n"
	"\n"
	"\tmust(ibv_query_port(context, PORT, &port) ||\n"
	"\t     ibv_query_gid(context, PORT, GID_INDEX, &attr.ah_attr.grh.dgid));\n"
	"\tattr.path_mtu = mtu ? (enum ibv_mtu)mtu : port.active_mtu;\n"
	"\tattr.ah_attr.dlid = port.lid;\n"
	"\tattr.ah_attr.is_global = port.link_layer == IBV_LINK_LAYER_ETHERNET;\n"
	"\tfor (int i = 0; i < 3; i++) {\n"
	"\t\tattr.qp_state = IBV_QPS_INIT + i; /* RTR, RTS */\n"
	"\t\tmust(ibv_modify_qp(pair->qp[e], &attr, IBV_QP_STATE | masks[i]));\n"
	"\t}\n"
	"}\n"
	"\n"
	"/* New, both ends in this process. */\n"
	"static void connect_pair(struct pair *pair, int mtu, int timeout, int rnr_retry)\n"
	"{\n"
	"\topen_end(pair, OWN);\n"
	"\topen_end(pair, PEER);\n"
	"\tconnect_end(pair, OWN, mtu, timeout, rnr_retry);\n"
	"\tconnect_end(pair, PEER, mtu, timeout, rnr_retry);\n"
	"}\n";

const char text_of_sges[] =
	"#define SGES(...)                                     \\\n"
	"\t.sg_list = (struct ibv_sge[]){ __VA_ARGS__ }, \\\n"
	"\t.num_sge = sizeof((struct ibv_sge[]){ __VA_ARGS__ }) / sizeof(struct ibv_sge)\n";

const char text_of_post[] =
	"static void post(struct pair *pair, int e, struct ibv_send_wr wr)\n"
	"{\n"
	"\tstruct ibv_send_wr *bad;\n"
	"\n"
	"\twr.wr_id = (uint64_t)e << 32 | pair->posted[e]++;\n"
	"\tmust(ibv_post_send(pair->qp[e], &wr, &bad));\n"
	"}\n";

const char text_of_wait[] =
	"/* The next completion: of OWN or PEER of what it posted, or of PEER's receives. */\n"
	"static struct ibv_wc wait_for(struct pair *pair, int queue, enum ibv_wc_status due)\n"
	"{\n"
	"\ttime_t patience = time(NULL) + 60;\n"
	"\tstruct ibv_wc wc;\n"
	"\tint n;\n"
	"\n"
	"\tdo\n"
	"\t\tn = ibv_poll_cq(pair->cq[queue != OWN], 1, &wc);\n"
	"\twhile (!n && time(NULL) < patience);\n"
	"\tif (n != 1 || wc.wr_id != ((uint64_t)queue << 32 | pair->done[queue]++))\n"
	"\t\tend(DEFECT, \"a completion did not come within 60 s, or came twice\");\n"
	"\tif (wc.status != due)\n"
	"\t\tend(DEFECT, \"completed with %s, expected %s\", ibv_wc_status_str(wc.status),\n"
	"\t\t    ibv_wc_status_str(due));\n"
	"\treturn wc;\n"
	"}\n";

const char text_of_rdma[] =
	"/* Between @len bytes of @own at @at, and @peer at @to; it must end with @due. */\n"
	"static void rdma(struct pair *pair, enum ibv_wr_opcode opcode, struct memory *own, size_t at,\n"
	"\t\t size_t len, struct memory *peer, size_t to, enum ibv_wc_status due)\n"
	"{\n"
	"\tpost(pair, OWN, (struct ibv_send_wr){\n"
	"\t\t.opcode = opcode, .num_sge = 1,\n"
	"\t\t.sg_list = &(struct ibv_sge){ (uintptr_t)own->addr + at, len, own->lkey },\n"
	"\t\t.wr.rdma = { (uintptr_t)peer->addr + to, peer->rkey } });\n"
	"\twait_for(pair, OWN, due);\n"
	"}\n";

const char text_of_batch[] =
	"/* The first of @n completes with @due; after a failure the rest are flushed. */\n"
	"static void wait_for_batch(struct pair *pair, int n, enum ibv_wc_status due)\n"
	"{\n"
	"\twait_for(pair, OWN, due);\n"
	"\twhile (--n > 0)\n"
	"\t\twait_for(pair, OWN, due == IBV_WC_SUCCESS ? due : IBV_WC_WR_FLUSH_ERR);\n"
	"}\n";

const char text_of_receive[] =
	"static void post_receive(struct pair *pair, struct ibv_recv_wr wr)\n"
	"{\n"
	"\tstruct ibv_recv_wr *bad;\n"
	"\n"
	"\twr.wr_id = (uint64_t)RECEIVE << 32 | pair->posted[RECEIVE]++;\n"
	"\tmust(ibv_post_recv(pair->qp[PEER], &wr, &bad));\n"
	"}\n";

const char text_of_message[] =
	"/* @with: IBV_WC_WITH_IMM or _INV, and the data or the key; 0: neither. */\n"
	"static void expect_message(struct ibv_wc wc, uint32_t bytes, unsigned int with, uint32_t what)\n"
	"{\n"
	"\tunsigned int got = wc.wc_flags & (IBV_WC_WITH_IMM | IBV_WC_WITH_INV);\n"
	"\n"
	"\tif (wc.byte_len != bytes || got != with)\n"
	"\t\tend(DEFECT, \"the receive reports %u bytes and flags 0x%x, expected %u and 0x%x\",\n"
	"\t\t    wc.byte_len, got, bytes, with);\n"
	"\tif (with && (with == IBV_WC_WITH_IMM ? ntohl(wc.imm_data) : wc.invalidated_rkey) != what)\n"
	"\t\tend(DEFECT, \"the receive reports other immediate data, or another key\");\n"
	"}\n";

const char text_of_window[] =
	"static struct ibv_mw *window(enum ibv_mw_type type)\n"
	"{\n"
	"\tstruct ibv_mw *mw = ibv_alloc_mw(pd, type);\n"
	"\n"
	"\tmust(!mw);\n"
	"\treturn mw;\n"
	"}\n"
	"\n"
	"static void bind_window(struct pair *pair, struct ibv_mw *mw, struct memory *m, unsigned char *addr,\n"
	"\t\t size_t len, enum ibv_wc_status due)\n"
	"{\n"
	"\tstruct ibv_mw_bind bind = { .wr_id = 1ull << 32 | pair->posted[PEER], .send_flags = IBV_SEND_SIGNALED,\n"
	"\t\t\t\t    .bind_info = { m->mr, (uintptr_t)addr, len, len ? READ_WRITE & ~1u : 0 } };\n"
	"\tuint32_t rkey = ibv_inc_rkey(mw->rkey);\n"
	"\n"
	"\tif (mw->type == IBV_MW_TYPE_1) {\n"
	"\t\tmust(ibv_bind_mw(pair->qp[PEER], mw, &bind));\n"
	"\t\tpair->posted[PEER]++;\n"
	"\t} else {\n"
	"\t\tpost(pair, PEER, (struct ibv_send_wr){ .opcode = IBV_WR_BIND_MW,\n"
	"\t\t\t.bind_mw = { mw, rkey, bind.bind_info } });\n"
	"\t\tmw->rkey = rkey;\n"
	"\t}\n"
	"\twait_for(pair, PEER, due);\n"
	"}\n";
