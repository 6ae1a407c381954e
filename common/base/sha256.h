/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* sha256.h - SHA-256 (FIPS 180-4), as sha256sum(1) prints it */
#ifndef ODPLAB_BASE_SHA256_H
#define ODPLAB_BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_TEXT 65

struct sha256 {
	uint32_t state[8];
	uint64_t bytes;		 /* taken so far */
	unsigned char block[64]; /* the last one, as far as it is filled */
};

void sha256_begin(struct sha256 *sha);
void sha256_add(struct sha256 *sha, const void *data, size_t len);

/* The digest as hexadecimal digits. Nothing can be added afterwards. */
void sha256_end(struct sha256 *sha, char text[SHA256_TEXT]);

#endif
