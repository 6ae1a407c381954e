/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * qemu_api.h - what the plugin uses of QEMU's interface for TCG plugins
 *
 * No package has the header of that interface; these are its declarations of version 7
 * (QEMU 11.1, docs/devel/tcg-plugins.rst). A QEMU that has another version refuses to
 * load the plugin, and says so.
 */
#ifndef ODPLAB_PLUGIN_QEMU_API_H
#define ODPLAB_PLUGIN_QEMU_API_H

#include <stddef.h>
#include <stdint.h>

#define QEMU_API_VERSION 7
#define QEMU_EXPORT	 __attribute__((visibility("default")))

typedef uint64_t qemu_plugin_id_t;

struct qemu_info_t;
struct qemu_plugin_tb;	 /* a block of instructions that is being translated */
struct qemu_plugin_insn; /* one of them */

enum qemu_plugin_cb_flags { QEMU_PLUGIN_CB_NO_REGS };

typedef void qemu_translate_fn(struct qemu_plugin_tb *tb, void *data);
typedef void qemu_vcpu_fn(unsigned int vcpu, void *data);
typedef void qemu_data_fn(void *data);

/* The plugin's own: QEMU reads the one and calls the other when it loads the plugin. */
extern int qemu_plugin_version;
int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info_t *info, int argc,
			char **argv);

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id, qemu_translate_fn *fn,
					   void *data);
/* whenever a virtual processor has nothing to do */
void qemu_plugin_register_vcpu_idle_cb(qemu_plugin_id_t id, qemu_vcpu_fn *fn, void *data);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    qemu_vcpu_fn *fn,
					    enum qemu_plugin_cb_flags flags, void *data);
/*
 * Takes back all that was registered, forgets all translated blocks, and calls @fn, which
 * may register anew. Only a virtual processor's thread may call it.
 */
void qemu_plugin_reset(qemu_plugin_id_t id, qemu_data_fn *fn, void *data);

size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb,
						 size_t index);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);

#endif
