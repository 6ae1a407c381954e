/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * race.h - holds a race in the kernel open
 *
 * In a guest of the testbed that was booted with --hold: its processors are emulated, and
 * pause where they are asked to (plugin/). The kernel is not changed.
 */
#ifndef ODPLAB_KERNEL_RACE_H
#define ODPLAB_KERNEL_RACE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct kernel_symbols;

enum kernel_race {
#define RACE(id, name, about, place, us, every) RACE_##id,
#include "kernel/races.def"
#undef RACE
	KERNEL_RACES
};

struct race_row {
	const char *name, *about, *place;
	uint32_t us, every;
};

/* The longest place that a user can name, with its terminating 0. */
#define RACE_TEXT 256

/*
 * The race of that name; or PLACE[:us=N][:every=N], for 1000 us at each execution if
 * nothing else is said. @copy holds the text of *@row. Returns 0 or -EINVAL.
 */
int race_parse(const char *text, char copy[RACE_TEXT], struct race_row *row);

extern const struct race_row race_rows[KERNEL_RACES];

/* Can this machine's processors pause? */
bool race_possible(void);

/*
 * Processors pause at the place of @row from now on. Returns 0 or -errno: those of
 * kernel_symbols_open(), kernel_place_find() and -ENODEV without a line, others after
 * one line.
 */
int race_hold(const struct race_row *row);

/* Likewise, with the symbols of the kernel, which take seconds to read. */
int race_hold_by(const struct kernel_symbols *symbols, const struct race_row *row);

/*
 * They pause nowhere any more. Returns how often they have paused, or -errno after one
 * line.
 */
int64_t race_release(void);

/* How often they have paused so far; or -errno after one line. */
int64_t race_pauses(void);

/* Prints a line "ADDRESS EXECUTED PAUSED" for each place. Returns 0 or -errno. */
int race_list(FILE *out);

#endif
