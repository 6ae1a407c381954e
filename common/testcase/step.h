/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * step.h - how a word is called, and what it can report
 *
 * Each word of a scenario is a macro that first notes file, line and step, so that a
 * failure, a crash or a hang names the step. It then calls the function of the same name.
 */
#ifndef ODPLAB_TESTCASE_STEP_H
#define ODPLAB_TESTCASE_STEP_H

#include <stdbool.h>
#include <stdint.h>

struct test;

/* @arguments: as text, for the result. */
#define STEP(t, function, arguments, ...)                             \
	(test_at(t, __FILE__, __LINE__, #function "(" arguments ")"), \
	 (function)(t, ##__VA_ARGS__))

/* Notes the step that the scenario is in. */
void test_at(struct test *t, const char *file, int line, const char *step);

/* Fails at that step. */
void test_fail_at(struct test *t, const char *file, int line, const char *step,
		  const char *format, ...)
	__attribute__((format(printf, 5, 6), noreturn));

/* A line for the reader of the result. */
void test_note(struct test *t, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Ends the scenario with the verdict SKIP, and the reason. */
void test_skip(struct test *t, const char *format, ...)
	__attribute__((format(printf, 2, 3), noreturn));

/* How many times a loop runs: @normal, or @long_run with odp_test --long. */
uint64_t test_iterations(const struct test *t, uint64_t normal, uint64_t long_run);

/* Such a loop around a statement; @n is the round, from 0. */
#define each_round(t, n, normal, long_run) \
	for (uint64_t n = 0; test_round(t, n, test_iterations(t, normal, long_run)); n++)

/* Is there a round @n of @rounds? Shows the progress once a second on a terminal. */
bool test_round(struct test *t, uint64_t n, uint64_t rounds);

#endif
