// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * recorder.c - which functions a test enters
 *
 * Linked into the programs of a build with -finstrument-functions. The file MUTATE_RECORD
 * gets a byte for each address of the program's text, 1 where a function was entered. It
 * is shared memory, so that processes that are killed, or end by _exit(), are recorded
 * too.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define UNSEEN __attribute__((no_instrument_function))

extern char __executable_start[], etext[];

void __cyg_profile_func_enter(void *function, void *caller) UNSEEN;
void __cyg_profile_func_exit(void *function, void *caller) UNSEEN;

static char *record;

static void UNSEEN open_record(void)
{
	size_t length = (size_t)(etext - __executable_start);
	const char *path = getenv("MUTATE_RECORD");
	int fd = path ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
	void *map = MAP_FAILED;

	if (fd >= 0 && !ftruncate(fd, (off_t)length))
		map = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fd >= 0)
		close(fd);
	if (map == MAP_FAILED) /* a page that no one reads */
		map = mmap(NULL, length, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	record = map;
}

void __cyg_profile_func_enter(void *function, void *caller)
{
	char *address = function;

	if (!record)
		open_record();
	if (record != MAP_FAILED && address >= __executable_start && address < etext)
		record[address - __executable_start] = 1;
	(void)caller;
}

void __cyg_profile_func_exit(void *function, void *caller)
{
	(void)function;
	(void)caller;
}
