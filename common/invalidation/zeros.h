/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* zeros.h - the pages of zeros that all processes share */
#ifndef ODPLAB_INVALIDATION_ZEROS_H
#define ODPLAB_INVALIDATION_ZEROS_H

#include <stdbool.h>

/*
 * Private memory that was only read, and the holes of DAX files, are one and the same
 * page, or huge page (mm/memory.c do_anonymous_page(), fs/dax.c dax_load_hole()). A device
 * that writes through a translation for reading only may write there: then everybody
 * reads what it wrote, until the next boot. Are they still zeros?
 */
bool zeros_intact(void);

#endif
