// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mmap_lock.c - a thread that holds the lock of this process's memory map, and waits */
#include "process/mmap_lock.h"

#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/util.h"

/* Nearly all of the holder's time is spent in mprotect() of so many single pages. */
#define MEMORY	 MiB(16)
#define ATTEMPTS 50
/* No call takes so long while its thread runs. */
#define MOMENT_NS (50 * NSEC_PER_MSEC)
#define START_NS  (20 * NSEC_PER_SEC)

static void stay_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((size_t)cpu, &set);
	pthread_setaffinity_np(pthread_self(), sizeof(set), &set);
}

static void *change_protection(void *data)
{
	static const struct sched_param param;
	struct mmap_lock_hold *hold = data;

	stay_on(hold->cpu);
	pthread_setschedparam(pthread_self(), SCHED_IDLE, &param);
	while (!atomic_load(&hold->stop)) {
		unsigned int call = atomic_fetch_add(&hold->calls, 1) + 1;

		mprotect(hold->memory, MEMORY,
			 call % 4 == 1 ? PROT_READ : PROT_READ | PROT_WRITE);
		if (call == atomic_load(&hold->held))
			atomic_store(&hold->ended_ns, clock_ns());
		atomic_fetch_add(&hold->calls, 1);
	}
	return NULL;
}

/* Begins and ends at once with the others, without a call that needs the lock. */
static void *compute(void *data)
{
	struct mmap_lock_hold *hold = data;

	stay_on(hold->cpu);
	while (!atomic_load(&hold->stop))
		if (clock_ns() >= atomic_load(&hold->until_ns))
			clock_sleep_ns(NSEC_PER_MSEC);
	return NULL;
}

/* The last processor that this process may use. */
static int last_cpu(void)
{
	cpu_set_t set;
	int cpu = CPU_SETSIZE - 1;

	if (sched_getaffinity(0, sizeof(set), &set))
		return -errno;
	while (cpu && !CPU_ISSET((size_t)cpu, &set))
		cpu--;
	return cpu;
}

static int populate(struct mmap_lock_hold *hold)
{
	hold->memory = mmap(NULL, MEMORY, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (hold->memory == MAP_FAILED) {
		hold->memory = NULL;
		return -errno;
	}
	/* else a call changes eight entries, not 4,096 */
	madvise(hold->memory, MEMORY, MADV_NOHUGEPAGE);
	memset(hold->memory, 1, MEMORY);
	return 0;
}

static int start(struct mmap_lock_hold *hold)
{
	int ret = pthread_create(&hold->holder, NULL, change_protection, hold);

	hold->threads = !ret;
	for (unsigned int i = 0; !ret && i < MMAP_LOCK_RIVALS; i++) {
		ret = pthread_create(&hold->rival[i], NULL, compute, hold);
		hold->threads += !ret;
	}
	return -ret;
}

/* Is the holder within one call for a moment? */
static bool is_held(struct mmap_lock_hold *hold)
{
	unsigned int calls = atomic_load(&hold->calls);

	clock_sleep_ns(MOMENT_NS);
	if (calls % 2 == 0 || calls != atomic_load(&hold->calls))
		return false;
	atomic_store(&hold->held, calls);
	return true;
}

static int stop_within_call(struct mmap_lock_hold *hold, uint64_t ns)
{
	uint64_t deadline = clock_ns() + START_NS;
	unsigned int calls;

	for (unsigned int i = 0; i < ATTEMPTS && clock_ns() < deadline; i++) {
		calls = atomic_load(&hold->calls);
		while (atomic_load(&hold->calls) - calls < 4 && clock_ns() < deadline)
			clock_sleep_ns(NSEC_PER_MSEC);
		atomic_store(&hold->until_ns, deadline);
		if (is_held(hold)) {
			atomic_store(&hold->until_ns, clock_ns() + ns);
			return 0;
		}
		atomic_store(&hold->until_ns, 0);
	}
	return log_errno(EAGAIN, "a thread that holds mmap_lock and does not run");
}

int mmap_lock_hold(struct mmap_lock_hold *hold, uint64_t ns)
{
	int ret;

	if (hold->memory)
		return log_errno(EBUSY, "mmap_lock is held already");
	*hold = (struct mmap_lock_hold){ .cpu = last_cpu() };
	ret = hold->cpu < 0 ? hold->cpu : populate(hold);
	if (!ret)
		ret = start(hold);
	if (ret)
		log_errno(ret, "threads that hold mmap_lock");
	else
		ret = stop_within_call(hold, ns);
	if (ret)
		mmap_lock_await(hold);
	return ret;
}

uint64_t mmap_lock_await(struct mmap_lock_hold *hold)
{
	if (!hold->memory)
		return 0;
	while (clock_ns() < atomic_load(&hold->until_ns))
		clock_sleep_ns(NSEC_PER_MSEC);
	atomic_store(&hold->stop, true);
	for (unsigned int i = 0; i < hold->threads; i++)
		pthread_join(i ? hold->rival[i - 1] : hold->holder, NULL);
	munmap(hold->memory, MEMORY);
	hold->memory = NULL;
	return atomic_load(&hold->ended_ns);
}
