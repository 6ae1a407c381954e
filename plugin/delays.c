// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* delays.c - instructions before which a virtual processor pauses */
#include "delays.h"

#include <inttypes.h>
#include <string.h>

/* Longer would look like a processor that is gone: the guest's watchdogs bark. */
#define MOST_US 5000000

struct delay *delays_at(struct delays *delays, uint64_t address)
{
	unsigned int n = atomic_load(&delays->n);

	for (unsigned int i = 0; i < n; i++)
		if (delays->delay[i].address == address)
			return &delays->delay[i];
	return NULL;
}

bool delay_is_due(struct delay *delay)
{
	if ((atomic_fetch_add(&delay->executed, 1) + 1) % delay->every)
		return false;
	atomic_fetch_add(&delay->paused, 1);
	return true;
}

static const char *add(struct delays *delays, const char *words)
{
	unsigned int n = atomic_load(&delays->n);
	uint32_t us, every;
	uint64_t address;
	int end = 0;

	if (sscanf(words, "%" SCNx64 " %" SCNu32 " %" SCNu32 "%n", &address, &us, &every,
		   &end) != 3 ||
	    words[end])
		return "it must be: pause ADDRESS US EVERY";
	if (!us || us > MOST_US || !every)
		return "a pause takes 1 us to 5 s, at each execution or more rarely";
	if (n == DELAYS)
		return "there are 64 delays already";
	delays->delay[n].address = address;
	delays->delay[n].us = us;
	delays->delay[n].every = every;
	atomic_store(&delays->delay[n].executed, 0);
	atomic_store(&delays->delay[n].paused, 0);
	atomic_store(&delays->n, n + 1);
	return NULL;
}

static void list(struct delays *delays, FILE *out)
{
	for (unsigned int i = 0; i < atomic_load(&delays->n); i++) {
		struct delay *delay = &delays->delay[i];

		fprintf(out, "%#" PRIx64 " %" PRIuFAST64 " %" PRIuFAST64 "\n",
			delay->address, atomic_load(&delay->executed),
			atomic_load(&delay->paused));
	}
}

const char *delays_request(struct delays *delays, const char *line, FILE *out,
			   bool *changed)
{
	const char *wrong = NULL;

	*changed = false;
	if (!strncmp(line, "pause ", 6)) {
		wrong = add(delays, line + 6);
		*changed = !wrong;
	} else if (!strcmp(line, "clear")) {
		atomic_store(&delays->n, 0);
		*changed = true;
	} else if (!strcmp(line, "list")) {
		list(delays, out);
	} else {
		wrong = "there are pause, clear and list";
	}
	return wrong;
}
