// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* memory.c - what must lie in the memory of both ends */
#include "memory.h"

#include "testcase/test.h"

void part_put(struct test *t, struct part *part, struct layer layer)
{
	if (part->n_layers == MIX_LAYERS)
		test_fail(t, "more than %u layers of data", MIX_LAYERS);
	part->layers[part->n_layers++] = layer;
}

/*
 * Does the layer hold the byte at @offset? If not, it may begin later: *end is not beyond
 * that.
 */
static bool holds(const struct layer *layer, uint64_t offset, uint64_t *end)
{
	uint64_t from = layer->offset, to = layer->offset + layer->len;

	if (offset < from)
		*end = size_min(*end, from);
	else if (offset < to)
		*end = size_min(*end, to);
	return offset >= from && offset < to;
}

struct layer part_data(const struct part *part, uint64_t offset)
{
	uint64_t end = target_len(part->target);
	unsigned int i = part->n_layers;
	struct layer data;

	do
		i--;
	while (!holds(&part->layers[i], offset, &end) && i);
	data = part->layers[i];
	data.meant_offset += offset - data.offset;
	data.offset = offset;
	data.len = end - offset;
	return data;
}

uint64_t part_word(const struct part *part, uint64_t offset)
{
	struct layer data = part_data(part, offset);
	uint64_t word;

	pattern_fill(&word, data.meant_offset, sizeof(word),
		     (struct pattern){ data.meant->seed, data.generation });
	return word;
}

/*
 * Data that is at @at of the message arrives: each part gets what overlaps with its
 * piece.
 */
static void arrive(struct test *t, struct end *end, uint64_t at, const struct layer *data)
{
	for (unsigned int i = 0; i < end->n; i++) {
		struct part *part = &end->parts[i];
		uint64_t from = size_max(at, part->from);
		uint64_t to = size_min(at + data->len, part->from + part->len);

		if (from < to)
			part_put(t, part,
				 (struct layer){ part->offset + from - part->from,
						 to - from, data->meant,
						 data->meant_offset + from - at,
						 data->generation });
	}
}

void end_copy(struct test *t, const struct end *from, struct end *to)
{
	for (unsigned int i = 0; i < from->n; i++) {
		const struct part *part = &from->parts[i];
		struct layer data;

		for (uint64_t done = 0; done < part->len; done += data.len) {
			data = part_data(part, part->offset + done);
			data.len = size_min(data.len, part->len - done);
			arrive(t, to, part->from + done, &data);
		}
	}
}

void part_check(struct test *t, const struct part *part)
{
	uint64_t len = target_len(part->target);
	struct layer data;

	for (uint64_t at = 0; at < len; at += data.len) {
		data = part_data(part, at);
		(check_mapping_for)(t, part->target, at, data.meant, data.meant_offset,
				    data.len, data.generation);
	}
}
