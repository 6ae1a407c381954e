/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * mkey.h - memory keys, and how an address under a key becomes one in the guest's memory
 */
#ifndef ODPLAB_EMU_MKEY_H
#define ODPLAB_EMU_MKEY_H

#include "device/object.h"

#include <stdbool.h>

enum mkey_mode { MKEY_PHYSICAL, MKEY_MTT, MKEY_KLM, MKEY_KSM };

/* Rights, as bits of the key's context have them */
enum right {
	RIGHT_LOCAL_READ = 1 << 0,
	RIGHT_LOCAL_WRITE = 1 << 1,
	RIGHT_REMOTE_READ = 1 << 2,
	RIGHT_REMOTE_WRITE = 1 << 3,
	RIGHT_ATOMIC = 1 << 4,
};

#define MKEY_CONTEXT	  64
#define MKEY_OCTOWORD	  16
#define MTTS_PER_OCTOWORD 2
#define MTT_READ	  1u
#define MTT_WRITE	  2u
#define MTT_FLAGS	  7u
#define MKEY_ANY_QP	  0xffffff
#define MKEY_REPEAT	  0x400 /* in place of a first entry's key: pieces that repeat */
#define MKEY_INDEX(key)	  ((key) >> 8)

struct device;
struct mkey_cache;
struct mkey_history;

struct mkey {
	struct object object; /* the number is the key's upper 24 bits */
	uint8_t context[MKEY_CONTEXT];
	/* from the context: */
	enum mkey_mode mode;
	unsigned int rights, page_shift;
	uint64_t start, len;
	uint32_t pd, qpn;
	uint8_t variant; /* the key's lower 8 bits */
	bool whole;	 /* all addresses, no bounds */
	bool free;	 /* not to be accessed */
	bool updatable;	 /* by work requests */
	bool on_demand;	 /* its pages have come or gone while it was in use */

	uint8_t *translations;
	uint64_t octowords;
	struct mkey_history *history; /* of its pages; for injections */
	struct mkey_cache *cache;     /* of its translations; by behaviour */
	unsigned int delayed_writes;  /* under way through this key */
};

/* An access: the initiator's protection domain and queue pair, the right needed */
struct access {
	uint32_t pd, qpn;
	enum right right;
	bool write;
	bool physical;	/* may use KEY_RESERVED */
	bool resumed;	/* has just faulted, and been resumed */
	bool rare;	/* of an atomic or a WRITE with immediate */
	uint64_t begin; /* where the piece of the message begins; for injections */
};

struct span {
	uint8_t *host;
	uint64_t len;
	struct mkey *leaf;  /* NULL for a reserved key */
	const uint8_t *old; /* what was there before its invalidation; NULL: unknown */
};

/* What the translation missed */
struct missing {
	uint32_t mkey;	/* the leaf's whole key */
	uint64_t va;	/* within that leaf */
	uint64_t bytes; /* that the access still needs of that leaf */
	bool write;
};

/* The key of that value (index and variant), or NULL. */
struct mkey *mkey_find(struct device *dev, uint32_t key);

/* Brings the decoded fields up to date with the context. */
void mkey_decode(struct mkey *mkey);

/* Whether @access may touch the whole range, mapped or not. 0 or -EACCES. */
int mkey_check(struct device *dev, const struct access *access, uint32_t key, uint64_t va,
	       uint64_t len);

/*
 * Finds the first bytes of the range, which mkey_check() has passed, in the guest's
 * memory. 0 with *span, -EAGAIN with *missing (a page fault), -EACCES (no such place).
 */
int mkey_translate(struct device *dev, const struct access *access, uint32_t key,
		   uint64_t va, uint64_t len, struct span *span, struct missing *missing);

void mkey_free(struct device *dev, struct mkey *mkey);
void mkeys_free(struct device *dev);

#endif
