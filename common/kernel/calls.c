// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* calls.c - which functions a function of the kernel calls, and from where */
#include "kernel/calls.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/util.h"
#include "kernel/code.h"
#include "kernel/symbol.h"

#define CALLS 512u /* no function has one more */

struct call {
	const struct kernel_symbol *callee;
	uint64_t after; /* the instruction after it */
};

/* What looks like a call, and leads to where a function begins, is one. */
static unsigned int find_calls(const struct kernel_symbols *symbols, uint64_t start,
			       const unsigned char *code, size_t len,
			       struct call call[CALLS])
{
	unsigned int n = 0;

	for (size_t at = 0; at + KERNEL_CALL_BYTES <= len && n < CALLS; at++) {
		const struct kernel_symbol *callee = NULL;

		if (code[at] == KERNEL_CALL)
			callee = kernel_symbols_at(
				symbols, kernel_call_target(code + at, start + at));
		if (callee)
			call[n++] =
				(struct call){ callee, start + at + KERNEL_CALL_BYTES };
	}
	return n;
}

static void print_callee(FILE *out, const char *caller, const char *callee,
			 const struct call *call, unsigned int n)
{
	fprintf(out, "%s+call=%s:", caller, callee);
	for (unsigned int i = 0; i < n; i++)
		if (call[i].callee == call[0].callee)
			fprintf(out, " %#" PRIx64, call[i].after);
	fprintf(out, "\n");
}

/* Where several functions have one address, by all of their names. */
static void print_calls(FILE *out, const struct kernel_symbols *symbols,
			const char *caller, const struct call *call, unsigned int n)
{
	const struct kernel_symbol *end = symbols->row + symbols->n;

	for (unsigned int i = 0; i < n; i++) {
		const struct kernel_symbol *name = call[i].callee;
		bool again = false;

		for (unsigned int before = 0; before < i; before++)
			again |= call[before].callee == name;
		for (; !again && name < end && name->start == call[i].callee->start;
		     name++)
			print_callee(out, caller, name->name, call + i, n - i);
	}
}

static int print_function(FILE *out, const struct kernel_symbols *symbols,
			  const char *name)
{
	const struct kernel_symbol *function = kernel_symbols_named(symbols, name);
	_cleanup_free_ struct call *call = calloc(CALLS, sizeof(*call));
	_cleanup_free_ unsigned char *code = malloc(KERNEL_FUNCTION_BYTES);
	size_t len;
	int ret;

	if (!call || !code)
		return -ENOMEM;
	if (!function)
		return 0;
	len = size_min(function->end - function->start, KERNEL_FUNCTION_BYTES);
	ret = kernel_code_read(function->start, code, len);
	if (ret)
		return ret;
	fprintf(out, "%s+entry: %#" PRIx64 "\n", name, function->start);
	print_calls(out, symbols, name, call,
		    find_calls(symbols, function->start, code, len, call));
	return 0;
}

int kernel_calls_print(FILE *out, const struct kernel_symbols *symbols,
		       char *const *names, int n)
{
	int ret = 0;

	for (int i = 0; !ret && i < n; i++)
		ret = print_function(out, symbols, names[i]);
	return ret;
}
