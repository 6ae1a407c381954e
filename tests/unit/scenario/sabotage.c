// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * sabotage.c - each sabotage of a side is caught by a scenario
 *
 * Runs apps/scenarios/ on fake sides with one defect at a time, which must be caught by
 * the scenario that is named here, for the reason that is named here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/log.h"
#include "fake_side.h"
#include "runner/isolate.h"
#include "testcase/registry.h"

#define DEADLINE_NS (20 * NSEC_PER_SEC)

static const struct {
	const char *name;
	const char *scenario;
	const char *symptom; /* what the verdict must say */
	enum verdict verdict;
} rows[SABOTAGES] = {
#define RED(id, scenario, symptom) [id] = { #id, scenario, symptom, VERDICT_FAIL }
	RED(EVICT_NOTHING, "DP-02.evict", "expected exactly 2, device counted none"),
	RED(UNMAP_NOTHING, "ERR-01.unmapped-write", "completed with SUCCESS"),
	RED(REMAP_NOTHING, "ERR-09", "completed with REM_ACCESS_ERR"),
	RED(PROTECT_NOTHING, "ERR-01.no-access-write", "completed with SUCCESS"),
	RED(TRUNCATE_NOTHING, "DAX-06", "completed with SUCCESS"),
	RED(PUNCH_NOTHING, "DAX-07.punch", "stale generation 1"),
	RED(ZERO_NOTHING, "DAX-07.zero", "stale generation 1"),
	RED(SYNC_NOTHING, "DAX-03", "expected exactly 1, device counted none"),
	RED(ALLOCATE_NOTHING, "DAX-04", "only 0 bytes allocated"),
	RED(COLLAPSE_NOTHING, "DAX-07.collapse",
	    "expected at least 4, device counted none"),
	RED(INSERT_NOTHING, "DAX-07.insert", "stale generation 1"),
	RED(BUSY_IS_UNMOUNTED, "DAX-17", "expected Device or resource busy"),
	RED(FROZEN_IS_WRITTEN, "DAX-21.cold", "before the filesystem was thawed"),
	RED(FROZEN_IS_NOT_READ, "DAX-21.read", "the READ waited for the thaw"),
	RED(FILE_CALL_NOTHING, "DAX-24.clone-range", "wrong data"),
	RED(FLAG_IS_IGNORED, "DAX-25.immutable", "completed with SUCCESS"),
	RED(FULL_IS_IGNORED, "DAX-12", "completed with SUCCESS"),
	RED(ALL_IS_HUGE, "DAX-05.unaligned", "512 pages are mapped, expected 1"),
	RED(CHANGE_BLOCKS, "DAX-08", "may take 1.0 s"),
	RED(WRITE_TAKES_WHOLE_PAGE, "DAX-10.lines", "wrong data"),
	RED(PREFETCH_NOTHING, "PF-03", "expected exactly 8, device counted none"),
	RED(INVALIDATE_NOTHING, "INV-01.memfd", "expected some, device counted none"),
	RED(PUNCH_TOO_MUCH, "DAX-07.punch", "zeros"),
	RED(NO_FAULT_PREFETCH_FAULTS, "PF-07",
	    "expected none, device counted exactly 16"),
	RED(ODP_IS_PINNED, "DP-01.write", "expected exactly 1, device counted none"),
	RED(ODP_LOCKS_MEMORY, "REG-07", "bytes are pinned or locked"),
	RED(DAX_CAN_BE_PINNED, "REG-02", "expected Operation not supported"),
	RED(HOLE_CANNOT_BE_REGISTERED, "REG-05", "make a target: Bad address"),
	RED(INVALIDATION_LOST, "DAX-07.punch",
	    "expected at least 4, device counted none"),
	RED(INVALIDATION_OF_FIRST_PAGE, "INV-21.dontneed", "stale generation"),
	RED(INVALIDATED_DATA_READ, "DAX-07.punch", "stale generation 1"),
	RED(ONE_REGISTRATION_INVALIDATED, "INV-19", "device counted none"),
	RED(MAPPED_PAGE_FAULTS, "DP-02", "expected none, device counted exactly 4"),
	RED(FAULT_MAPS_ALL, "DP-01.pages",
	    "expected exactly 256, device counted exactly 1"),
	RED(RIGHTS_IGNORED, "ERR-01.read-only-write", "completed with SUCCESS"),
	RED(RIGHTS_IGNORED_BY_ATOMICS, "MIX-07.8b-edge-send-atomic",
	    "expected exactly 1, device counted none"),
	RED(WINDOW_STAYS_OPEN, "DP-14.invalidated-2", "completed with SUCCESS"),
	RED(FAILED_FAULT_SUCCEEDS, "ALLOC-02.write", "wrong data"),
	RED(FAILED_INVALIDATION_LOST, "ALLOC-03", "stale generation 1"),
	RED(LOCK_ENDS_FAULTS, "INV-25.prefetch", "Device or resource busy"),
	RED(EVENT_LOST, "DP-22.send", "the responder got no event for the completion"),
	RED(EVENT_FOR_ANY, "DP-22.solicited",
	    "an event for a completion that is not solicited"),
	RED(EVENT_FOR_NO_FAILURE, "DP-22.failed-request", "the initiator got no event"),
	RED(WINDOW_OPENS_EARLY, "DP-14.outside-before-2", "completed with SUCCESS"),
	RED(WINDOW_CLOSES_LATE, "DP-14.outside-2", "completed with SUCCESS"),
	RED(WINDOW_READ_BEYOND, "DP-14.outside-read-2", "completed with SUCCESS"),
	RED(UNSERVED_FAULT_SUCCEEDS, "ERR-01.unmapped-write", "completed with SUCCESS"),
	RED(WRITE_GOES_ON_AFTER_FAULT, "ERR-03.unmapped", "wrong data"),
	RED(ANY_KEY_DOES, "ERR-04.key-variant", "completed with SUCCESS"),
	RED(HOLE_FILLED_BY_READ, "DAX-01", "bytes allocated"),
	RED(MIGRATE_NOTHING, "HMM-02.read", "0 of 16 pages are in device memory"),
	RED(DEVICE_MEMORY_STAYS, "HMM-02.read",
	    "other pages than the four that were read came back"),
	RED(DEVICE_MEMORY_ALL_RETURNS, "HMM-02.read",
	    "other pages than the four that were read came back"),
	RED(DEVICE_MEMORY_LOST, "HMM-02.write", "wrong data: zeros"),
	RED(COHERENT_MEMORY_RETURNS, "HMM-05.read",
	    "pages left coherent memory when the NIC read them"),
	RED(RESERVATION_STAYS, "HMM-06.write", "the device has exclusive access still"),
	RED(FAILED_RETURN_IS_FOR_EVER, "HMM-07", "completed with REM_ACCESS_ERR"),
	RED(DAX_MIGRATES, "HMM-04.migration", "expected Invalid argument"),
	RED(MIRROR_READS_BEYOND_FILE, "HMM-04.truncate",
	    "the second mirror reads beyond the end of the file"),
	RED(MIRROR_STORE_LOST, "HMM-01.anon", "wrong data: stale generation 1"),
	RED(MIRROR_STORE_LEAVES_DEVICE, "HMM-02.device-wrote",
	    "pages left device memory when the device wrote to them"),
	RED(MIRROR_IS_STALE, "HMM-04.punch",
	    "wrong data in the second mirror: stale generation 1"),
	RED(WRITE_LOST, "DP-01.write", "zeros"),
	RED(WRITE_MISPLACED, "DP-01.write", "wrong data"),
	RED(WRITE_TORN, "DP-01.write", "wrong data"),
	RED(WRITE_PAGES_SWAPPED, "DP-02", "wrong data"),
	RED(WRITE_TAIL_LOST, "DP-05.odd", "wrong data"),
	RED(WRITE_LAST_FAULT_LOST, "MIX-01.1m-page-alone-alone",
	    "zeros at offset 1048576"),
	RED(WRITE_LONG_IMMEDIATE_TAIL_LOST, "MIX-02.68k-mid-send-read",
	    "the responder's memory: wrong data"),
	RED(WRITE_AROUND, "DP-07", "wrong data"),
	RED(WRITE_REACHES_FILE, "DAX-11", "wrong data"),
	RED(PIECES_SWAPPED, "DP-08", "wrong data"),
	RED(READ_LOST, "DP-01.read", "stale generation 0"),
	RED(READ_OVERTAKES_WRITE, "MIX-01.68k-mid-read-read",
	    "what is returned after it: wrong data"),
	RED(READ_BEYOND, "DP-01.read", "after the initiator's buffer of 4096 bytes"),
	RED(READ_SAYS_LESS, "DP-01.read", "READ reports 4095 bytes"),
	RED(ATOMIC_TWICE, "DP-10", "offset 0 is 14, expected 7"),
	RED(ATOMIC_RETURNS_NEW, "DP-10.pairs", "returned 1, as another one did"),
	RED(INLINE_FAULTS, "DP-13", "expected none, device counted exactly 1"),
	RED(IMMEDIATE_OTHER, "DP-01.write-imm", "the receive reports 0x1d0d9a7f"),
	RED(OVERRUN_SUCCEEDS, "ERR-16.pages", "completed with SUCCESS"),
	RED(RECEIVE_TWICE, "DP-18.rc", "a receive completed that was not the oldest"),
	RED(RECEIVE_THIRD_PIECE_BY_OTHER_KEY, "MIX-04.1m-page-alone-alone",
	    "completed with REM_OP_ERR, expected SUCCESS; receive: the receive completed "
	    "with LOC_QP_OP_ERR"),
	RED(RECEIVE_SHORT, "DP-03.send", "the receive reports 16383 bytes"),
	RED(HEADER_LOST, "DP-12", "wrong data"),
	RED(CHECK_NOTHING, "DP-01.write", "self-test of the data check failed"),
	RED(COMPLETION_TWICE, "DP-01.write", "1 unexpected completions"),
	RED(COMPLETION_TWICE_LATE, "DP-01.write", "1 unexpected completions"),
	RED(COMPLETION_OF_OTHER_KIND, "DP-01.write", "WRITE completed as SEND"),
	RED(COMPLETION_LOST, "DP-01.write", "no completion"),
	RED(COMPLETION_WITH_OTHER_STATUS, "ERR-01.unmapped-write", "RETRY_EXC_ERR"),
	RED(QUEUE_PAIR_STAYS_BROKEN, "ERR-09", "FLUSH_ERR"),
	RED(RESET_STAYS_BROKEN, "MIX-01.1m-odd-read-send",
	    "completion of the operation: completed with WR_FLUSH_ERR"),
	RED(FLUSH_MISSING, "ERR-01.unmapped-write", "expected WR_FLUSH_ERR"),
	RED(COLLECTED_TWICE, "ERR-01.unmapped-write", "completed twice"),
	RED(WITNESSES_SAY_TOO_FEW, "DP-01.write", "device counted none"),
	RED(WITNESSES_SAY_TOO_MANY, "DP-01.write", "device counted exactly 2"),
	RED(WITNESSES_SAY_ALWAYS_ONE, "DP-02", "device counted exactly 1"),
	RED(WITNESSES_CONTRADICT, "DP-01.write", "contradict each other"),
	[WITNESSES_DEAF] = { "WITNESSES_DEAF", "DP-01.write", "no witness could count",
			     VERDICT_UNPROVEN },
#undef RED
};

static struct outcome run(enum sabotage sabotage, const struct scenario *scenario)
{
	struct kernel_log no_log = { -1 };
	struct outcome outcome;
	struct fake_env env;

	fake_env_init(&env);
	env.sabotage = sabotage;
	isolate_run(&env.env, scenario, DEADLINE_NS, &no_log, &outcome);
	return outcome;
}

static bool caught(enum sabotage sabotage)
{
	char *glob = (char *)(uintptr_t)rows[sabotage].scenario;
	const struct scenario **scenarios;
	struct outcome outcome;
	bool as_expected;

	assert_int_equal(registry_select(&scenarios, &glob, 1), 1);
	outcome = run(sabotage, scenarios[0]);
	as_expected = outcome.verdict == rows[sabotage].verdict &&
		      strstr(outcome.why, rows[sabotage].symptom);
	print_message("%-28s %-16s %-8s %s\n", rows[sabotage].name,
		      rows[sabotage].scenario, verdict_name(outcome.verdict),
		      outcome.why);
	if (!as_expected)
		print_error("expected %s, \"%s\"\n", verdict_name(rows[sabotage].verdict),
			    rows[sabotage].symptom);
	outcome_free(&outcome);
	free(scenarios);
	return as_expected;
}

static void sabotaged__each_is_caught(void **state)
{
	int missed = 0;

	for (enum sabotage sabotage = FAITHFUL + 1; sabotage < SABOTAGES; sabotage++) {
		assert_non_null(rows[sabotage].name);
		missed += !caught(sabotage);
	}
	assert_int_equal(missed, 0);
}

/* What MLX-05.dc says where verbs tell @verbs of DC, and the device @told. */
static struct outcome compare(uint32_t verbs, uint32_t hca)
{
	char *glob = (char[]){ "MLX-05.dc" };
	struct kernel_log no_log = { -1 };
	const struct scenario **scenarios;
	struct outcome outcome;
	struct fake_env env;

	fake_env_init(&env);
	env.env.device.caps.per_transport[QP_DC] = verbs;
	env.env.device.caps.hca.scheme = FAULT_SCHEME_MEMORY;
	env.env.device.caps.hca.per_transport[QP_DC] = hca;
	assert_int_equal(registry_select(&scenarios, &glob, 1), 1);
	isolate_run(&env.env, scenarios[0], DEADLINE_NS, &no_log, &outcome);
	free(scenarios);
	return outcome;
}

/* The driver is no side: what it makes of the device's word is sabotaged here. */
static void told__a_driver_that_differs_is_caught(void **state)
{
	struct outcome same = compare(ODP_WRITE | ODP_READ, ODP_WRITE | ODP_READ);
	struct outcome more = compare(ODP_WRITE | ODP_READ, ODP_READ);
	struct outcome less = compare(ODP_READ, ODP_WRITE | ODP_READ);

	assert_int_equal(same.verdict, VERDICT_PASS);
	assert_int_equal(more.verdict, VERDICT_FAIL);
	assert_non_null(strstr(
		more.why, "has ODP for READ; ibv_query_device_ex() reports WRITE READ"));
	assert_int_equal(less.verdict, VERDICT_FAIL);
	assert_non_null(strstr(
		less.why, "has ODP for WRITE READ; ibv_query_device_ex() reports READ"));
	outcome_free(&same);
	outcome_free(&more);
	outcome_free(&less);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(sabotaged__each_is_caught),
	cmocka_unit_test(told__a_driver_that_differs_is_caught),
};

int main(void)
{
	return cmocka_run_group_tests_name("sabotage", tests, NULL, NULL);
}
