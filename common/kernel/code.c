// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* code.c - the machine code of the kernel that runs, by /proc/kcore */
#include "kernel/code.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"

static int read_at(int fd, void *data, size_t len, uint64_t offset)
{
	ssize_t n = pread(fd, data, len, (off_t)offset);

	if (n < 0)
		return -errno;
	return (size_t)n == len ? 0 : -ENXIO;
}

/* Where in the file an address is: it is an ELF core file, with a segment a range. */
static int find_offset(int fd, uint64_t address, size_t len, uint64_t *offset)
{
	_cleanup_free_ Elf64_Phdr *segments = NULL;
	Elf64_Ehdr header;
	int ret = read_at(fd, &header, sizeof(header), 0);

	if (ret)
		return ret;
	segments = calloc(header.e_phnum, sizeof(*segments));
	if (!segments)
		return -ENOMEM;
	ret = read_at(fd, segments, header.e_phnum * sizeof(*segments), header.e_phoff);
	if (ret)
		return ret;
	for (unsigned int i = 0; i < header.e_phnum; i++) {
		uint64_t in = address - segments[i].p_vaddr;

		if (segments[i].p_type == PT_LOAD && address >= segments[i].p_vaddr &&
		    in < segments[i].p_memsz && len <= segments[i].p_memsz - in) {
			*offset = segments[i].p_offset + in;
			return 0;
		}
	}
	return -ENXIO;
}

int kernel_code_read(uint64_t address, void *code, size_t len)
{
	_cleanup_fd_ int fd = open("/proc/kcore", O_RDONLY | O_CLOEXEC);
	uint64_t offset;
	int ret;

	if (fd < 0)
		return -errno;
	ret = find_offset(fd, address, len, &offset);
	return ret ? ret : read_at(fd, code, len, offset);
}
