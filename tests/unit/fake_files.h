/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * fake_files.h - small files of the kernel, in memory, for file_read(), file_write() and
 * file_read_number(), which the linker wraps (use_fake_files() of CMakeLists.txt)
 */
#ifndef ODPLAB_TESTS_FAKE_FILES_H
#define ODPLAB_TESTS_FAKE_FILES_H

/* No file is there; reads and writes end with -ENOENT. */
void fake_files_reset(void);

/*
 * Makes a file with that content. @error not 0: writes end with -@error and change
 * nothing.
 */
void fake_file(const char *path, const char *text, int error);

/* The content; "" where there is no file. How many writes there were, of any file. */
const char *fake_file_text(const char *path);
unsigned int fake_files_writes(void);

#endif
