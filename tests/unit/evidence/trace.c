// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* trace.c - the trace as a witness, over a tracefs that this test writes itself */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/util.h"
#include "evidence/tracefs.h"
#include "evidence/witness.h"

/* What the stand-ins for tracefs.c answer. */
static char record[8192];
static bool events_lost;
static int open_error, instances; /* that are open */
static const char *refused;	  /* event that the kernel cannot define, or NULL */
static char asked[1024];	  /* what was defined and enabled, a line each */
static int read_error;

int tracefs_open(struct tracefs *trace)
{
	instances += !open_error;
	return open_error;
}

void tracefs_close(struct tracefs *trace)
{
	instances--;
}

int tracefs_probe(struct tracefs *trace, const char *event, const char *const *functions,
		  bool returns, const char *args, char *used, size_t size)
{
	size_t n = strlen(asked);

	if (refused && !strcmp(event, refused))
		return -EINVAL;
	snprintf(asked + n, sizeof(asked) - n, "%s %s: %s\n", event,
		 returns ? "return" : "entry", args);
	snprintf(used, size, "kprobe %s", functions[0]);
	return 0;
}

int tracefs_enable(struct tracefs *trace, const char *event)
{
	size_t n = strlen(asked);

	snprintf(asked + n, sizeof(asked) - n, "%s\n", event);
	return -ENOENT; /* a kernel without fs_dax */
}

int tracefs_mark(struct tracefs *trace, const char *text)
{
	size_t used = strlen(record);

	snprintf(record + used, sizeof(record) - used,
		 "  odp_test-7 [001] ..... 1.0: tracing_mark_write: %s\n", text);
	return 0;
}

int tracefs_clear(struct tracefs *trace)
{
	record[0] = '\0';
	return 0;
}

int tracefs_take(struct tracefs *trace, char **text, bool *lost)
{
	*lost = events_lost;
	*text = NULL;
	if (read_error)
		return read_error;
	*text = strdup(record);
	record[0] = '\0';
	return *text ? 0 : -ENOMEM;
}

static void *trace;

static int open_trace(void **state)
{
	char why[256] = "";

	events_lost = false;
	asked[0] = '\0';
	return trace_witness.open(&trace, &(struct witness_spec){ "mlx5_0", 1 }, why,
				  sizeof(why));
}

static int close_trace(void **state)
{
	trace_witness.close(trace);
	return instances;
}

/* Opens once more, with what was set above; returns what was said of it. */
static int open_another(char *why, size_t size)
{
	void *other = NULL;
	int ret;

	why[0] = '\0';
	ret = trace_witness.open(&other, &(struct witness_spec){ "mlx5_0", 1 }, why,
				 size);
	if (!ret)
		trace_witness.close(other);
	open_error = 0;
	refused = NULL;
	assert_int_equal(instances, 1); /* that of the test's set-up */
	return ret;
}

static void open__names_the_functions_that_are_traced(void **state)
{
	char why[256];

	assert_int_equal(open_another(why, sizeof(why)), 0);
	assert_string_equal(why, "kprobe ib_umem_odp_map_dma_and_lock, "
				 "kprobe hmm_range_fault_unlocked_timeout, "
				 "kprobe ib_umem_odp_unmap_dma_pages");
	refused = "hmm_fault";
	assert_int_equal(open_another(why, sizeof(why)), 0);
	assert_string_equal(why, "kprobe ib_umem_odp_map_dma_and_lock, "
				 "kprobe ib_umem_odp_unmap_dma_pages");
}

static void open__no_more_than_the_text_holds(void **state)
{
	char why[256];

	for (size_t size = 1; size < 130; size++) {
		memset(why, '!', sizeof(why));
		assert_int_equal(open_another(why, size), 0);
		assert_true(strlen(why) < size);
		for (size_t i = size; i < sizeof(why); i++)
			assert_int_equal(why[i], '!');
	}
}

/* What trace_count.h reads, of the arguments of the kernel's functions (umem_odp.c). */
static void open__defines_and_enables_the_events(void **state)
{
	assert_string_equal(asked,
			    "odp_map entry: umem=$arg1:x64 va=$arg2:x64 bytes=$arg3:u64 "
			    "mask=$arg4:x64 "
			    "fault=$arg5:u8\n"
			    "odp_mapped return: ret=$retval:s32\n"
			    "hmm_fault return: ret=$retval:s32\n"
			    "odp_unmap entry: umem=$arg1:x64 va=$arg2:x64 end=$arg3:x64\n"
			    "fs_dax/dax_pte_fault_done\n"
			    "fs_dax/dax_pmd_fault_done\n");
}

static void open__what_is_missing(void **state)
{
	char why[256];

	open_error = -ENOENT;
	assert_int_equal(open_another(why, sizeof(why)), -ENOENT);
	assert_non_null(strstr(why, "mount -t tracefs"));
	open_error = -EACCES;
	assert_int_equal(open_another(why, sizeof(why)), -EACCES);
	assert_string_equal(why, "tracefs needs root");
	refused = "odp_map";
	assert_int_equal(open_another(why, sizeof(why)), -EINVAL);
	assert_string_equal(why, "the kernel cannot probe ib_umem_odp_map_dma_and_lock "
				 "(Invalid argument); it needs CONFIG_KPROBE_EVENTS or "
				 "CONFIG_FPROBE_EVENTS");
	refused = "odp_mapped";
	assert_int_equal(open_another(why, sizeof(why)), -EINVAL);
}

static const struct watched outer = { .addr = 0x248000000000, .len = KiB(64) };
static const struct watched inner = { .slot = 1, .addr = 0x248000000000, .len = KiB(64) };

static void fault(unsigned int page)
{
	size_t used = strlen(record);

	snprintf(record + used, sizeof(record) - used,
		 "  w-1 [001] ...2. 1.0: odp_map: (f+0x4/0x360) va=0x24800000%x000 "
		 "bytes=4096 mask=0x0 fault=1\n"
		 "  w-1 [001] ...1. 1.1: odp_mapped: (a <- b) ret=1\n",
		 page);
}

static struct observation end(const struct watched *range)
{
	struct observation observation = { 0 };

	assert_int_equal(trace_witness.end(trace, range, &observation), 0);
	return observation;
}

static void watch__counts_since_its_beginning(void **state)
{
	struct observation seen;

	fault(0);
	trace_witness.begin(trace, &outer);
	fault(1);
	fault(2);
	seen = end(&outer);
	assert_int_equal(seen.pages.min, 2);
	assert_int_equal(seen.pages.max, 2);
	assert_int_equal(seen.lines, 4);
	assert_true(seen.saw_invalidations);
}

static void watch__second_in_a_slot(void **state)
{
	struct observation seen;

	trace_witness.begin(trace, &outer);
	trace_witness.begin(trace, &inner);
	fault(0);
	seen = end(&inner);
	assert_int_equal(seen.pages.max, 1);
	assert_int_equal(seen.lines, 2);
	trace_witness.begin(trace, &inner);
	fault(1);
	seen = end(&inner);
	assert_int_equal(seen.pages.min, 1);
	assert_int_equal(seen.pages.max, 1);
	assert_int_equal(seen.lines, 2);
	seen = end(&outer);
	assert_int_equal(seen.pages.max, 2);
	assert_int_equal(seen.lines, 4);
}

static void watch__of_a_device_that_asks_twice(void **state)
{
	struct observation seen;

	trace_witness.begin(trace, &outer);
	trace_witness.names(trace, 0, outer.addr + 1, outer.addr + 2, true);
	fault(0);
	fault(0);
	fault(1);
	seen = end(&outer);
	assert_int_equal(seen.pages.min, 1);
	assert_int_equal(seen.pages.max, 1);
	assert_int_equal(seen.repeats, 1);
	assert_int_equal(seen.neighbours, 1);
	assert_true(seen.some);
	trace_witness.begin(trace, &outer);
	trace_witness.names(trace, 0, outer.addr, outer.addr + KiB(8), true);
	seen = end(&outer);
	assert_int_equal(seen.pages.max, 0);
	assert_int_equal(seen.along, 1);
	assert_false(seen.some);
}

static void absent__pages_are_not_in_doubt_after_a_registration(void **state)
{
	struct observation seen;

	trace_witness.absent(trace, outer.addr, outer.addr + KiB(4));
	snprintf(record + strlen(record), sizeof(record) - strlen(record),
		 "  w-1 [001] ...2. 1.0: odp_map: (f+0x4/0x360) va=0x248000000000 "
		 "bytes=8192 mask=0x0 fault=0\n"
		 "  w-1 [001] ...1. 1.1: odp_mapped: (a <- b) ret=1\n");
	trace_witness.begin(trace, &outer);
	fault(0);
	fault(1);
	seen = end(&outer);
	assert_int_equal(seen.pages.min, 1);
	assert_int_equal(seen.pages.max, 2);
}

static void reset__forgets_what_another_process_did(void **state)
{
	trace_witness.begin(trace, &outer);
	fault(0);
	end(&outer);
	fault(1);
	trace_witness.reset(trace);
	trace_witness.begin(trace, &outer);
	fault(0);
	fault(1);
	assert_int_equal(end(&outer).pages.min, 2);
}

/*
 * A kernel whose unmapping cannot be traced proves no invalidation, and no absence of
 * one.
 */
static void open__without_invalidations(void **state)
{
	char why[256] = "";

	trace_witness.close(trace);
	refused = "odp_unmap";
	assert_int_equal(trace_witness.open(&trace, &(struct witness_spec){ "mlx5_0", 1 },
					    why, sizeof(why)),
			 0);
	refused = NULL;
	assert_int_equal(trace_witness.begin(trace, &outer), 0);
	fault(0);
	assert_false(end(&outer).saw_invalidations);
	/* it may have gone since */
	assert_int_equal(trace_witness.begin(trace, &outer), 0);
	fault(0);
	assert_int_equal(end(&outer).pages.min, 1);
}

static void lost__makes_the_count_a_lower_bound(void **state)
{
	struct observation seen;

	trace_witness.begin(trace, &outer);
	fault(0);
	events_lost = true;
	seen = end(&outer);
	assert_int_equal(seen.pages.min, 1);
	assert_true(seen.pages.max == UINT64_MAX);
	assert_non_null(strstr(seen.detail, "lost events"));
	/* what happened meanwhile may have brought the page, or not */
	trace_witness.begin(trace, &outer);
	events_lost = false;
	fault(1);
	seen = end(&outer);
	assert_int_equal(seen.pages.min, 0);
	assert_int_equal(seen.pages.max, 1);
	assert_true(seen.some);
}

static void lines__too_many_are_counted(void **state)
{
	struct observation seen;

	trace_witness.begin(trace, &outer);
	for (unsigned int page = 0; page < 4; page++)
		fault(page);
	seen = end(&outer);
	assert_int_equal(seen.pages.min, 4);
	assert_int_equal(seen.lines, OBSERVATION_LINES);
	assert_string_equal(seen.line[OBSERVATION_LINES - 1], "... and 5 more lines");
}

static void lines__that_just_fit(void **state)
{
	struct observation seen;

	trace_witness.begin(trace, &outer);
	fault(0);
	fault(1);
	seen = end(&outer);
	assert_int_equal(seen.lines, OBSERVATION_LINES);
	assert_string_equal(seen.line[0],
			    "w-1 [001] ...2. 1.0: odp_map: (f+0x4/0x360) "
			    "va=0x248000000000 bytes=4096 mask=0x0 fault=1");
	assert_string_equal(seen.line[OBSERVATION_LINES - 1],
			    "w-1 [001] ...1. 1.1: odp_mapped: (a <- b) ret=1");
	trace_witness.begin(trace, &outer);
	snprintf(record, sizeof(record), " %-*s|\n", OBSERVATION_LINE - 2,
		 "w-1 [001] ...2. 1.0: odp_unmap: (x) va=0x248000000000 "
		 "end=0x248000001000");
	seen = end(&outer);
	assert_int_equal(seen.invalidations, 1);
	assert_int_equal(strlen(seen.line[0]), OBSERVATION_LINE - 1);
	assert_string_equal(seen.line[0] + OBSERVATION_LINE - 3, " |");
	trace_witness.begin(trace, &outer);
	snprintf(record, sizeof(record), " %-*s|\n", OBSERVATION_LINE - 1,
		 "w-1 [001] ...2. 1.0: odp_unmap: (x) va=0x248000000000 "
		 "end=0x248000001000"); /* one more than fits */
	seen = end(&outer);
	assert_string_equal(seen.line[0] + OBSERVATION_LINE - 5, " ...");
}

static void errors__of_the_tracer_are_passed_on(void **state)
{
	struct observation observation = { 0 };
	int began, ended;

	read_error = -ENOMEM;
	began = trace_witness.begin(trace, &outer);
	ended = trace_witness.end(trace, &outer, &observation);
	read_error = 0;
	assert_int_equal(began, -ENOMEM);
	assert_int_equal(ended, -ENOMEM);
}

static void lines__too_long_are_marked(void **state)
{
	struct observation seen;
	char tail[300];

	memset(tail, 'x', sizeof(tail));
	tail[sizeof(tail) - 1] = '\0';
	trace_witness.begin(trace, &outer);
	snprintf(record, sizeof(record),
		 "  w-1 [001] ...2. 1.0: odp_unmap: (x) va=0x248000000000 "
		 "end=0x248000001000 %s\n",
		 tail);
	seen = end(&outer);
	assert_int_equal(seen.lines, 1);
	assert_int_equal(strlen(seen.line[0]), OBSERVATION_LINE - 1);
	assert_string_equal(seen.line[0] + OBSERVATION_LINE - 5, "x...");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup_teardown(open__names_the_functions_that_are_traced,
					open_trace, close_trace),
	cmocka_unit_test_setup_teardown(open__no_more_than_the_text_holds, open_trace,
					close_trace),
	cmocka_unit_test_setup_teardown(open__defines_and_enables_the_events, open_trace,
					close_trace),
	cmocka_unit_test_setup_teardown(errors__of_the_tracer_are_passed_on, open_trace,
					close_trace),
	cmocka_unit_test_setup_teardown(lines__that_just_fit, open_trace, close_trace),
	cmocka_unit_test_setup_teardown(open__without_invalidations, open_trace,
					close_trace),
	cmocka_unit_test_setup_teardown(open__what_is_missing, open_trace, close_trace),
	cmocka_unit_test_setup_teardown(watch__counts_since_its_beginning, open_trace,
					close_trace),
	cmocka_unit_test_setup_teardown(watch__second_in_a_slot, open_trace, close_trace),
	cmocka_unit_test_setup_teardown(watch__of_a_device_that_asks_twice, open_trace,
					close_trace),
	cmocka_unit_test_setup_teardown(
		absent__pages_are_not_in_doubt_after_a_registration, open_trace,
		close_trace),
	cmocka_unit_test_setup_teardown(reset__forgets_what_another_process_did,
					open_trace, close_trace),
	cmocka_unit_test_setup_teardown(lost__makes_the_count_a_lower_bound, open_trace,
					close_trace),
	cmocka_unit_test_setup_teardown(lines__too_many_are_counted, open_trace,
					close_trace),
	cmocka_unit_test_setup_teardown(lines__too_long_are_marked, open_trace,
					close_trace),
};

int main(void)
{
	return cmocka_run_group_tests_name("trace", tests, NULL, NULL);
}
