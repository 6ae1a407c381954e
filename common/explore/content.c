// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* content.c - what the words of a memory hold, by the model; and whether they do */
#include "explore/content.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/util.h"
#include "explore/way.h"
#include "testcase/test.h"

static const struct word zeros = { WORD_DATA, .generation = PATTERN_ZEROS };

static bool is_zeros(const struct word *word)
{
	return word->kind == WORD_DATA && word->generation == PATTERN_ZEROS;
}

static bool storm_loses(const struct world *world, const struct memory *m)
{
	return world->storm == m && world->storm_way->loses;
}

void content_put(struct world *world, struct memory *m, uint64_t offset, uint64_t len,
		 uint16_t generation)
{
	for (uint64_t at = offset; at < offset + len; at += WORD_BYTES)
		m->words[at / WORD_BYTES] = (struct word){
			.kind = WORD_DATA,
			.or_zeros = storm_loses(world, m),
			.memory = (unsigned char)(m - world->memories),
			.generation = generation,
			.value = at,
		};
}

void content_zero(struct memory *m, uint64_t offset, uint64_t len)
{
	for (uint64_t at = offset; at < offset + len; at += WORD_BYTES)
		m->words[at / WORD_BYTES] = zeros;
}

void content_lose(struct memory *m, uint64_t offset, uint64_t len)
{
	for (uint64_t at = offset; at < offset + len; at += WORD_BYTES)
		m->words[at / WORD_BYTES].or_zeros = true;
}

void content_forget(struct memory *m, uint64_t offset, uint64_t len)
{
	for (uint64_t at = offset; at < offset + len; at += WORD_BYTES)
		m->words[at / WORD_BYTES] = (struct word){ .kind = WORD_UNKNOWN };
}

void content_copy(struct world *world, struct memory *to, uint64_t offset,
		  const struct memory *from, uint64_t from_offset, uint64_t len)
{
	for (uint64_t done = 0; done < len; done += WORD_BYTES) {
		struct word *word = &to->words[(offset + done) / WORD_BYTES];

		*word = from->words[(from_offset + done) / WORD_BYTES];
		/* its source may be lost after the copy, and the copy stays */
		word->or_zeros |= storm_loses(world, to) || storm_loses(world, from);
	}
}

void content_move(struct memory *m, uint64_t to, uint64_t from, uint64_t len)
{
	memmove(&m->words[to / WORD_BYTES], &m->words[from / WORD_BYTES],
		len / WORD_BYTES * sizeof(*m->words));
}

static struct pattern pattern_of(const struct world *world, const struct word *word)
{
	const struct target *meant = world->memories[word->memory].target;

	return (struct pattern){ is_zeros(word) ? 0 : meant->seed, word->generation };
}

bool content_number(const struct world *world, const struct word *word, uint64_t *number)
{
	if (word->kind == WORD_UNKNOWN || (word->or_zeros && !is_zeros(word)))
		return false;
	if (word->kind == WORD_NUMBER)
		*number = word->value;
	else
		pattern_fill(number, word->value, sizeof(*number),
			     pattern_of(world, word));
	return true;
}

/* Does the @i-th word after the first belong with it, as data written at once? */
static bool continues(const struct word *first, const struct word *word, uint64_t i)
{
	if (word->kind != first->kind || word->or_zeros != first->or_zeros)
		return false;
	if (first->kind == WORD_UNKNOWN || is_zeros(first))
		return first->kind == WORD_UNKNOWN || is_zeros(word);
	return first->kind == WORD_DATA && word->memory == first->memory &&
	       word->generation == first->generation &&
	       word->value == first->value + i * WORD_BYTES;
}

static void check_number(struct world *world, const struct glance *glance, uint64_t at,
			 const struct word *word)
{
	struct side_reply reply;
	int ret;

	if (glance->check != SIDE_TARGET_CHECK_MAPPING)
		return;
	ret = TRY_TARGET(glance->target, &reply, SIDE_TARGET_READ_WORD, .offset = at,
			 .len = WORD_BYTES);
	if (ret)
		test_fail_errno(world->t, ret, "read a word");
	record_due_number(&world->t->record, word->value);
	if (reply.number != word->value && !(word->or_zeros && !reply.number))
		test_fail(world->t,
			  "wrong number%s: 0x%" PRIx64 " at offset %" PRIu64
			  ", expected 0x%" PRIx64,
			  glance->where, reply.number, at, word->value);
}

static void check_run(struct world *world, const struct glance *glance, uint64_t at,
		      const struct word *word, uint64_t n)
{
	struct pattern pattern = pattern_of(world, word);
	struct side_reply reply;
	char text[MISMATCH_TEXT];
	int ret;

	/* what only the mapping can be compared with twice */
	if (word->or_zeros && glance->check != SIDE_TARGET_CHECK_MAPPING)
		return;
	ret = TRY_TARGET(glance->target, &reply,
			 word->or_zeros ? SIDE_TARGET_CHECK_EITHER : glance->check,
			 .offset = at, .len = n * WORD_BYTES, .pattern = pattern,
			 .other = { pattern.seed, PATTERN_ZEROS },
			 .pattern_offset = word->value);
	record_due(&world->t->record, 0);
	if (ret == -EBADMSG)
		test_fail(world->t, "wrong data%s at offset %" PRIu64 ": %s",
			  glance->where, at, mismatch_describe(&reply.mismatch, text));
	if (ret)
		test_fail_errno(world->t, ret, "check%s", glance->where);
}

void content_check(struct world *world, const struct glance *glance)
{
	uint64_t n;

	for (uint64_t i = 0; i < glance->n; i += n) {
		const struct word *word = &glance->words[i];
		uint64_t at = glance->at + i * WORD_BYTES;

		for (n = 1; i + n < glance->n && continues(word, word + n, n); n++)
			;
		if (word->kind == WORD_NUMBER)
			check_number(world, glance, at, word);
		else if (word->kind == WORD_DATA)
			check_run(world, glance, at, word, n);
	}
}
