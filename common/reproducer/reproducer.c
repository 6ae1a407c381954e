// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* reproducer.c - the program of a record */
#include "reproducer/reproducer.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "reproducer/program.h"

/* Looks at something, and changes nothing that a program would miss. */
static void leave_out(struct program *p, const struct record_entry *e)
{
}

/* NULL: not known. */
static emit_fn *const emitters[SIDE_REQUESTS] = {
	[SIDE_QP_OPEN] = emit_qp_open,
	[SIDE_QP_CONNECT] = emit_qp_connect,
	[SIDE_POST] = emit_post,
	[SIDE_WAIT] = emit_wait,
	[SIDE_COLLECT] = emit_collect,
	[SIDE_POST_RECV] = emit_post_recv,
	[SIDE_WAIT_RECV] = emit_wait_recv,
	[SIDE_SETTLE] = leave_out,
	[SIDE_TARGET_OPEN] = emit_target_open,
	[SIDE_TARGET_REGISTER] = emit_target_register,
	[SIDE_TARGET_CLOSE] = emit_target_close,
	[SIDE_TARGET_CLOSE_FILE] = emit_close_file,
	[SIDE_TARGET_FILL] = emit_fill,
	[SIDE_TARGET_STORE] = emit_store,
	[SIDE_TARGET_CHECK_MAPPING] = emit_check_mapping,
	[SIDE_TARGET_CHECK_FILE] = emit_check_file,
	[SIDE_TARGET_CHECK_EITHER] = emit_check_either,
	[SIDE_TARGET_READ_WORD] = emit_read_word,
	[SIDE_TARGET_ADD] = emit_add,
	[SIDE_TARGET_EVICT] = emit_madvise,
	[SIDE_TARGET_UNMAP] = emit_unmap,
	[SIDE_TARGET_MAP] = emit_map,
	[SIDE_TARGET_REMAP] = emit_remap,
	[SIDE_TARGET_PROTECT] = emit_protect,
	[SIDE_TARGET_TRUNCATE] = emit_truncate,
	[SIDE_TARGET_PUNCH] = emit_fallocate,
	[SIDE_TARGET_ZERO] = emit_fallocate,
	[SIDE_TARGET_ALLOCATE] = emit_fallocate,
	[SIDE_TARGET_COLLAPSE] = emit_fallocate,
	[SIDE_TARGET_INSERT] = emit_fallocate,
	[SIDE_TARGET_CLONE] = emit_clone,
	[SIDE_TARGET_SYNC] = emit_sync,
	[SIDE_TARGET_ALLOCATED] = leave_out,
	[SIDE_TARGET_EXTENTS] = leave_out,
	[SIDE_TARGET_RESIDENT] = leave_out,
	[SIDE_TARGET_ADVISE] = emit_advise,
	[SIDE_TARGET_MAP_OTHER_FILE] = emit_map_other_file,
	[SIDE_CHILD_BEGIN] = emit_child_begin,
	[SIDE_CHILD_STORE] = emit_child_data,
	[SIDE_CHILD_CHECK] = emit_child_data,
	[SIDE_CHILD_END] = emit_child_end,
	[SIDE_TARGET_MADVISE] = emit_advice,
	[SIDE_TARGET_MADVISE_NUMBER] = emit_advice_number,
	[SIDE_TARGET_NODE] = leave_out,
	[SIDE_KSM_MERGED] = leave_out,
	[SIDE_TARGET_INVALIDATE] = emit_invalidate,
	[SIDE_WINDOW_BIND] = emit_window_bind,
	[SIDE_WINDOW_INVALIDATE] = emit_window_invalidate,
	[SIDE_WATCH_BEGIN] = leave_out,
	[SIDE_WATCH_NAME] = leave_out,
	[SIDE_WATCH_END] = leave_out,
	[SIDE_PINNED] = leave_out,
	[SIDE_TARGET_DEREGISTER] = emit_deregister,
	[SIDE_TARGET_REREGISTER] = emit_reregister,
	[SIDE_KERNEL_MEMORY] = leave_out,
};

static void emit_entry(struct program *p, const struct record_entry *e)
{
	emit_fn *emit = emitters[e->request.kind];

	p->entry = e;
	if (e->pause_ns)
		program_say(p, "usleep(%llu);", e->pause_ns / NSEC_PER_USEC);
	if (emit)
		emit(p, e);
	else
		program_cannot(p, "the request %s is not known to it",
			       record_request_name(e->request.kind));
}

/* main(), after its first lines. */
static void emit_body(struct program *p, const struct record *record)
{
	for (unsigned int i = 0; i < record->n && !p->why[0]; i += 1 + p->taken) {
		p->left = record->n - i - 1;
		p->taken = 0;
		emit_entry(p, &record->entry[i]);
	}
}

static bool shows_failure(const struct record *record)
{
	for (unsigned int i = 0; i < record->n; i++)
		if (entry_is_wrong(&record->entry[i]))
			return true;
	return false;
}

static unsigned int lines_of(const char *text)
{
	unsigned int lines = 0;

	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

char *reproducer_text(const struct reproducer_facts *facts, const struct record *record,
		      char why[REPRODUCER_WHY])
{
	struct program p = { 0 };
	_cleanup_free_ char *body = NULL;
	char *text = NULL;
	size_t size;

	p.body = open_memstream(&body, &size);
	if (!p.body)
		return NULL;
	program_use(&p, PART_HEAD);
	/* the sides are opened: no step of the scenario */
	p.step = record->n ? record->entry[0].step : NULL;
	emit_body(&p, record);
	fclose(p.body);
	if (record->lost)
		program_cannot(&p, "%s", record->lost);
	if (facts->failed && !shows_failure(record))
		program_cannot(&p, "what failed is nothing that it can check");
	if (!p.why[0])
		text = program_text(&p, facts, body);
	if (text && lines_of(text) > REPRODUCER_LINES) {
		program_cannot(&p, "it would have %u lines", lines_of(text));
		free(text);
		text = NULL;
	}
	snprintf(why, REPRODUCER_WHY, "%s", p.why);
	return text;
}
