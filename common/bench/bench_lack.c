// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bench_lack.c - what the host is short of while it is measured */
#include "bench/bench_lack.h"

#include <errno.h>
#include <sys/mman.h>

#include "base/log.h"
#include "base/util.h"
#include "bench/bench.h"
#include "env/bus_error.h"
#include "env/env.h"

static bool lacks_space(struct bench *bench)
{
	return shortage_of_space(bench->env, 1ull << bench->env->config->kind,
				 bench->lack);
}

/*
 * The thread may be one of libfabric's, with its locks: it cannot be left in the middle.
 * What is measured from here on is thrown away.
 */
static bool replace_page(void *arg, void *address)
{
	void *page = (void *)round_down((uintptr_t)address, PAGE_BYTES);
	struct bench *bench = arg;

	if (!bench->lacks && !lacks_space(bench))
		return false;
	bench->lacks = true;
	return mmap(page, PAGE_BYTES, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED;
}

void bench_lack_begin(struct bench *bench)
{
	bus_errors_judge(replace_page, bench);
}

void bench_lack_end(void)
{
	bus_errors_leave();
}

int bench_lack(struct bench *bench, int error)
{
	/* a signal ends the run, and a full filesystem explains no wrong data */
	bool explains = error && error != -EINTR && error != -EBADMSG;

	if (!bench->lacks &&
	    (!explains || (!shortage_of(bench->env, error, bench->pins, bench->lack) &&
			   !lacks_space(bench))))
		return error;
	log_error("%s", bench->lack);
	return -ENOSR;
}
