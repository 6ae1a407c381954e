// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * pattern.c - the bandwidth of pattern_fill() and pattern_check() beside memcpy()'s
 *
 * The three take turns, and the best round of each counts. Build with optimisation.
 */
#include "base/pattern.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/util.h"

#define BYTES  MiB(64)
#define ROUNDS 10

static const struct pattern written = { .seed = 1, .generation = 1 };

struct buffers {
	void *from, *to;
};

static int copy(const struct buffers *b)
{
	memcpy(b->to, b->from, BYTES);
	return 0;
}

static int fill(const struct buffers *b)
{
	pattern_fill(b->from, 0, BYTES, written);
	return 0;
}

static int check(const struct buffers *b)
{
	return pattern_check(b->to, 0, BYTES, written, NULL);
}

static struct contender {
	const char *name;
	int (*run)(const struct buffers *b);
	uint64_t best_ns;
} contenders[] = {
	{ "fill", fill, UINT64_MAX },
	{ "memcpy", copy, UINT64_MAX },
	{ "check", check, UINT64_MAX },
};

int main(void)
{
	_cleanup_free_ void *from = malloc(BYTES);
	_cleanup_free_ void *to = malloc(BYTES);
	struct buffers buffers = { from, to };

	if (!from || !to)
		return 1;
	memset(to, 1, BYTES); /* faulted in before the clock runs */
	for (int round = 0; round < ROUNDS; round++)
		for (size_t i = 0; i < ARRAY_SIZE(contenders); i++) {
			struct contender *c = &contenders[i];
			uint64_t start = clock_ns(), took;

			if (c->run(&buffers)) {
				fprintf(stderr, "%s: the copy is wrong\n", c->name);
				return 1;
			}
			took = clock_ns() - start;
			c->best_ns = took < c->best_ns ? took : c->best_ns;
		}
	for (size_t i = 0; i < ARRAY_SIZE(contenders); i++)
		printf("%-8s %6.2f GB/s  %.2f of memcpy\n", contenders[i].name,
		       (double)BYTES / (double)contenders[i].best_ns,
		       (double)contenders[1].best_ns / (double)contenders[i].best_ns);
	return 0;
}
