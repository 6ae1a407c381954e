// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* trace_record.c - what a line of the trace says, as several kernels write it */
#include "traced.h"

/* As Linux 7.3, 6.12 and 5.15 write the head of a line. */
static void forms__of_several_kernels(void **state)
{
	static const char *const heads[] = {
		"kworker/u8:3-140     [001] ...2.    12.835082: ",
		"   kworker/u8:3-140     [001] d..1.    12.835082: ",
		"           <...>-140   [011] d.h1   100.000001: ",
		"     kworker/140-140     [001] .....    12.835082: ",
	};

	for (size_t i = 0; i < ARRAY_SIZE(heads); i++) {
		struct trace_count seen;
		char line[256];

		watch(&range);
		snprintf(line, sizeof(line),
			 "%sodp_map: " WHERE " va=0x248000000000 bytes=8192 mask=0x0 "
			 "fault=1",
			 heads[i]);
		take(line);
		snprintf(line, sizeof(line),
			 "%sodp_mapped: (mlx5_ib_page_fault+0x1/0x2 [mlx5_ib] <- "
			 "ib_umem_odp_map_dma_and_lock) ret=2",
			 heads[i]);
		take(line);
		seen = end();
		assert_int_equal(seen.pages, 2);
		assert_int_equal(seen.pending, 0);
	}
}

/* A process may be called what it likes. */
static void forms__hostile_names(void **state)
{
	static const char *const names[] = {
		"my prog", "a-b-c", "-1", "x: y", "[b-7", "a [b-7 c", "[0x]", "odp_map: x"
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char line[256];

		watch(&range);
		snprintf(line, sizeof(line),
			 "  %s-33 [001] ...2. 1.0: odp_map: " WHERE
			 " va=0x248000000000 bytes=4096 mask=0x0 fault=1",
			 names[i]);
		take(line);
		take(MAPPED("other-33", "1"));
		assert_int_equal(end().pages, 1);
	}
}

static void lines__that_are_none(void **state)
{
	ignores("");
	ignores("# tracer: nop");
	ignores("#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION");
	ignores("CPU:1 LOST 12 EVENTS");
	ignores("  odp_test-7 [001] ..... 1.0: tracing_mark_write: odplab-watch-1");
	ignores("  odp_test-7 [001] ..... 1.0: odp_map");
	ignores("  odp_test-7 [001]");
	ignores("odp_map: va=0x248000000000 bytes=4096 fault=1");
	ignores("  w-1 [001] ...2. 1.0: odp_mapped: (a <- b) nothing");
	ignores("  w-1 [001] ...2. 1.0: odp_map_other: " WHERE
		" va=0x248000000000 bytes=4096 mask=0x0 fault=1");
}

#define FIELDS " [001] ...2. 1.0: odp_map: " WHERE " va=0x248000000000 bytes=4096 fault=1"

static void lines__that_look_like_an_event(void **state)
{
	COUNT("w-1" FIELDS);	   /* this is one */
	ignores("# w-1" FIELDS);   /* a comment */
	ignores("w1" FIELDS);	   /* no task */
	ignores(&"-w1" FIELDS[1]); /* nor is one found before the line */
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static const struct CMUnitTest tests[] = {
	TEST(forms__of_several_kernels),
	TEST(forms__hostile_names),
	TEST(lines__that_are_none),
	TEST(lines__that_look_like_an_event),
};

int main(void)
{
	return cmocka_run_group_tests_name("trace_record", tests, NULL, NULL);
}
