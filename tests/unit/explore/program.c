// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* program.c - the text of a program, and that a seed draws the same one again */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"

#include <cmocka.h>

#include "base/util.h"
#include "explore/draw.h"
#include "explore/program.h"

static const struct draw_config all = {
	.kinds = DRAWN_KINDS, .steps = PROGRAM_STEPS, .pinned = true, .implicit = true
};

static char *text_of(const struct program *program)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	program_write(program, out);
	fclose(out);
	return text;
}

static int read_text(struct program *program, const char *text)
{
	FILE *in = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
	int ret;

	assert_non_null(in);
	ret = program_read(program, in, "P");
	fclose(in);
	return ret;
}

static void program__is_read_as_it_was_written(void **state)
{
	for (uint64_t seed = 1; seed <= 50; seed++) {
		struct program drawn, read;
		char *text, *again;

		draw_program(&drawn, seed, &all);
		text = text_of(&drawn);
		assert_int_equal(read_text(&read, text), 0);
		again = text_of(&read);
		assert_string_equal(again, text);
		assert_int_equal(read.seed, seed);
		free(text);
		free(again);
	}
}

static void program__of_a_seed_is_always_the_same(void **state)
{
	struct program program;
	char *one, *again, *other;

	draw_program(&program, 7, &all);
	one = text_of(&program);
	draw_program(&program, 7, &all);
	again = text_of(&program);
	draw_program(&program, 8, &all);
	other = text_of(&program);
	assert_string_equal(again, one);
	assert_string_not_equal(other, one);
	free(one);
	free(again);
	free(other);
}

/* Fewer would be a search that never looks there. */
static void program__has_each_action_among_a_hundred(void **state)
{
	unsigned int count[ACTIONS] = { 0 };

	for (uint64_t seed = 1; seed <= 100; seed++) {
		struct program program;

		draw_program(&program, seed, &all);
		assert_in_range(program.n, PROGRAM_STEPS - 1, PROGRAM_STEPS);
		for (unsigned int i = 0; i < program.n; i++)
			count[program.steps[i].action]++;
	}
	for (int action = 0; action < ACTIONS; action++)
		assert_in_range(count[action], 20, 100 * PROGRAM_STEPS);
}

static void program__that_is_wrong_is_refused(void **state)
{
	static const struct {
		const char *text, *message;
	} wrong[] = {
		{ "jump a\n", "P:1: 'jump' is no step" },
		{ "# a comment\n\nlook\n", "P:3: '' is not a memory (a to h)" },
		{ "look i\n", "P:1: 'i' is not a memory (a to h)" },
		{ "look aa\n", "P:1: 'aa' is not a memory (a to h)" },
		{ "look a b\n", "P:1: 'b' is too much" },
		{ "punch a 4096 x\n", "P:1: 'x' is not a length" },
		{ "punch a 4 8\n", "P:1: '4' is not an offset" },
		{ "with look a\n", "P:1: 'look' is no operation" },
		{ "open a third anon odp writable 4K\n", "P:1: 'third' is not a side" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct program program;
		struct capture capture = capture_start(stderr);
		char message[256];
		int ret = read_text(&program, wrong[i].text);

		capture_end(&capture, message, sizeof(message));
		assert_int_equal(ret, -EINVAL);
		assert_non_null(strstr(message, wrong[i].message));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(program__is_read_as_it_was_written),
		cmocka_unit_test(program__of_a_seed_is_always_the_same),
		cmocka_unit_test(program__has_each_action_among_a_hundred),
		cmocka_unit_test(program__that_is_wrong_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
