/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * scenario.h - the words that scenarios are written with
 *
 * A scenario is a paragraph: arrange, act, expect. It runs in a process of its own. A
 * step that fails ends that process with a verdict that names the step, and the kernel
 * frees what the process had. So no word returns an error.
 *
 *	SCENARIO("DAX-03", "after fdatasync the next RDMA WRITE faults again",
 *		 NEEDS(FSDAX, RC_WRITE))
 *	{
 *		struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);
 *
 *		expect_faults(t, file, EXACTLY(1))
 *			rdma_write(t, file, 0, KiB(4), GENERATION(1));
 *		...
 *	}
 *
 * docs/add-a-scenario.md is the guide.
 */
#ifndef ODPLAB_SCENARIO_SCENARIO_H
#define ODPLAB_SCENARIO_SCENARIO_H

#include "scenario/memory/allocation.h"
#include "scenario/memory/data.h"
#include "scenario/memory/file.h"
#include "scenario/memory/fork_child.h"
#include "scenario/memory/invalidation.h"
#include "scenario/memory/mapping.h"
#include "scenario/memory/mirror.h"
#include "scenario/memory/mmap_lock.h"
#include "scenario/memory/race.h"
#include "scenario/memory/registration.h"
#include "scenario/memory/storm.h"
#include "scenario/memory/target.h"
#include "scenario/memory/uffd.h"
#include "scenario/operation/atomic.h"
#include "scenario/operation/attempt.h"
#include "scenario/operation/background.h"
#include "scenario/operation/event.h"
#include "scenario/operation/indirect_mkey.h"
#include "scenario/operation/limits.h"
#include "scenario/operation/many.h"
#include "scenario/operation/queue_pair.h"
#include "scenario/operation/rdma.h"
#include "scenario/operation/teardown.h"
#include "scenario/operation/traffic.h"
#include "scenario/operation/window.h"
#include "testcase/driver_column.h"
#include "testcase/expect.h"
#include "testcase/registry.h"
#include "testcase/watch.h"

#endif
