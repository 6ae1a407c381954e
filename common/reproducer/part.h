/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* part.h - the parts of a program before its main(): see parts.def */
#ifndef ODPLAB_REPRODUCER_PART_H
#define ODPLAB_REPRODUCER_PART_H

enum part {
#define PART(NAME, name, needs) PART_##NAME,
#include "reproducer/parts.def"
#undef PART
	PARTS
};

#define PART(NAME, name, needs) extern const char text_of_##name[];
#include "reproducer/parts.def"
#undef PART

#endif
