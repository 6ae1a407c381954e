// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* place.c - places in the code of the kernel that runs */
#include "kernel/place.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/util.h"
#include "kernel/code.h"
#include "kernel/symbol.h"

#define NAME_SIZE     128
#define PATTERN_BYTES 32

/* What is looked for in the code of a function. */
struct pattern {
	unsigned int n;
	unsigned char byte[PATTERN_BYTES], mask[PATTERN_BYTES];
	unsigned int at; /* which of its bytes is the place, or the one after the last */
	uint64_t callee; /* of a call; 0: none */
};

/* The code of a function. */
struct code {
	uint64_t start;
	size_t len;
	unsigned char *bytes;
};

static int hex(char c)
{
	const char *digits = "0123456789abcdef", *at = strchr(digits, tolower(c));

	return c && at ? (int)(at - digits) : -1;
}

static int parse_bytes(const char *text, struct pattern *pattern)
{
	for (; *text; text += text[0] == '.' || text[0] == '@' ? 1 : 2) {
		bool any = text[0] == '?' && text[1] == '?';

		if (text[0] == '.')
			continue;
		if (text[0] == '@') {
			pattern->at = pattern->n;
			continue;
		}
		if (pattern->n == PATTERN_BYTES ||
		    (!any && (hex(text[0]) < 0 || hex(text[1]) < 0)))
			return -EINVAL;
		pattern->mask[pattern->n] = any ? 0 : 0xff;
		pattern->byte[pattern->n++] =
			any ? 0 : (unsigned char)(hex(text[0]) << 4 | hex(text[1]));
	}
	return pattern->n ? 0 : -EINVAL;
}

/* The first of names with commas in between, up to the pattern or the end. */
static int take_name(const char *names, char name[NAME_SIZE])
{
	size_t n = strcspn(names, ",+");

	if (!n || n >= NAME_SIZE)
		return -EINVAL;
	memcpy(name, names, n);
	name[n] = '\0';
	return 0;
}

static const char *next_name(const char *names)
{
	names += strcspn(names, ",+");
	return *names == ',' ? names + 1 : NULL;
}

/* A call of the function that a list of names begins with. */
static int parse_call(const struct kernel_symbols *symbols, const char *names,
		      struct pattern *pattern)
{
	const struct kernel_symbol *callee;
	char name[NAME_SIZE];
	int ret = take_name(names, name);

	if (ret)
		return ret;
	callee = kernel_symbols_named(symbols, name);
	if (!callee)
		return -ENOENT;
	*pattern = (struct pattern){ .n = KERNEL_CALL_BYTES,
				     .at = KERNEL_CALL_BYTES,
				     .byte = { KERNEL_CALL },
				     .mask = { 0xff },
				     .callee = callee->start };
	return 0;
}

static bool is_here(const struct pattern *pattern, const struct code *code, size_t at)
{
	for (unsigned int i = 0; i < pattern->n; i++)
		if ((code->bytes[at + i] & pattern->mask[i]) != pattern->byte[i])
			return false;
	return !pattern->callee ||
	       kernel_call_target(code->bytes + at, code->start + at) == pattern->callee;
}

static int search(const struct pattern *pattern, const struct code *code,
		  struct kernel_place *place)
{
	for (size_t at = 0; at + pattern->n <= code->len; at++) {
		if (!is_here(pattern, code, at))
			continue;
		if (place->n == PLACE_ADDRESSES)
			return -E2BIG;
		place->address[place->n++] = code->start + at + pattern->at;
		if (!pattern->n)
			return 0;
	}
	return place->n ? 0 : -ESRCH;
}

static int find_function(const struct kernel_symbols *symbols, const char *names,
			 const struct kernel_symbol **symbol)
{
	char name[NAME_SIZE];
	int ret = -ENOENT;

	for (; names && ret == -ENOENT; names = next_name(names)) {
		ret = take_name(names, name);
		*symbol = ret ? NULL : kernel_symbols_named(symbols, name);
		if (!ret && !*symbol)
			ret = -ENOENT;
	}
	return ret;
}

static int find_call(const struct kernel_symbols *symbols, const char *names,
		     const struct code *code, struct kernel_place *place)
{
	struct pattern pattern;
	int ret = -ENOENT;

	for (; names && (ret == -ENOENT || ret == -ESRCH); names = next_name(names)) {
		ret = parse_call(symbols, names, &pattern);
		if (!ret)
			ret = search(&pattern, code, place);
	}
	return ret;
}

static int find_pattern(const struct kernel_symbols *symbols, const char *text,
			const struct code *code, struct kernel_place *place)
{
	struct pattern pattern = { 0 };
	int ret = 0;

	if (!strncmp(text, "call=", 5))
		return find_call(symbols, text + 5, code, place);
	if (strcmp(text, "entry") != 0)
		ret = parse_bytes(text, &pattern);
	return ret ? ret : search(&pattern, code, place);
}

int kernel_place_find(const struct kernel_symbols *symbols, const char *text,
		      struct kernel_place *place)
{
	_cleanup_free_ unsigned char *bytes = malloc(KERNEL_FUNCTION_BYTES);
	const char *plus = strchr(text, '+');
	const struct kernel_symbol *symbol;
	struct code code;
	int ret;

	*place = (struct kernel_place){ 0 };
	if (!bytes)
		return -ENOMEM;
	if (!plus)
		return -EINVAL;
	ret = find_function(symbols, text, &symbol);
	if (ret)
		return ret;
	code = (struct code){ .start = symbol->start,
			      .len = size_min(symbol->end - symbol->start,
					      KERNEL_FUNCTION_BYTES),
			      .bytes = bytes };
	ret = kernel_code_read(code.start, code.bytes, code.len);
	return ret ? ret : find_pattern(symbols, plus + 1, &code, place);
}

const char *kernel_place_error(int error)
{
	switch (-error) {
	case EINVAL:
		return "cannot be asked for that: a place is SYMBOL[,SYMBOL]...+PATTERN";
	case ENOENT:
		return "has no such function";
	case ESRCH:
		return "has a function of that name without such code";
	case E2BIG:
		return "has such code in too many places of that function";
	case EPERM:
	case EACCES:
		return "does not show its code: that needs root, and no lockdown";
	default:
		return strerror(-error);
	}
}
