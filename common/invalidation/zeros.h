/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* zeros.h - the zero pages, which all processes share */
#ifndef ODPLAB_INVALIDATION_ZEROS_H
#define ODPLAB_INVALIDATION_ZEROS_H

#include <stdbool.h>

/*
 * Private memory that was only read, and the holes of DAX files, map one shared page or
 * huge page (mm/memory.c do_anonymous_page(), fs/dax.c dax_load_hole()). A device that
 * writes through a read-only translation may write to it: then all processes read that
 * data until the next boot. Are they still zeros?
 */
bool zeros_intact(void);

#endif
