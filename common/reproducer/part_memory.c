// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* part_memory.c - memory of a program: mapped, registered, filled, checked */
#include "reproducer/part.h"

/* The lines are those of the program. */
/* clang-format off */

const char text_of_memory[] =
	"struct memory {\n"
	"\tunsigned char *addr;\n"
	"\tint fd, flags;\n"
	"\toff_t begin; /* of the mapping in its file */\n"
	"\tstruct ibv_mr *mr;\n"
	"\tuint32_t lkey, rkey;\n"
	"};\n"
	"\n"
	"/* At addresses that nothing else uses. No page is touched. */\n"
	"static struct memory memory(size_t len, int fd, off_t begin, int flags)\n"
	"{\n"
	"\tstatic uintptr_t next = 0x200000000000;\n"
	"\tstruct memory m = { (void *)next, fd, flags, begin, NULL, 0, 0 };\n"
	"\n"
	"\tnext += (len + 0x3fffff) & ~(uintptr_t)0x1fffff;\n"
	"\tmust(mmap(m.addr, len, PROT_READ | PROT_WRITE, flags | MAP_FIXED, fd, begin) == MAP_FAILED);\n"
	"\treturn m;\n"
	"}\n";

const char text_of_map[] =
	"static void map(struct memory *m, size_t at, size_t len, int prot)\n"
	"{\n"
	"\tmust(mmap(m->addr + at, len, prot, m->flags | MAP_FIXED, m->fd, m->begin + (off_t)at) ==\n"
	"\t     MAP_FAILED);\n"
	"}\n";

const char text_of_access[] =
	"#define READ_WRITE (IBV_ACCESS_LOCAL_WRITE | IBV_ACCESS_REMOTE_WRITE | IBV_ACCESS_REMOTE_READ | \\\n"
	"\t\t    IBV_ACCESS_REMOTE_ATOMIC)\n";

const char text_of_register[] =
	"/* @due: the errno that is due, or 0 */\n"
	"static void registered(struct memory *m, struct ibv_mr *mr, int due)\n"
	"{\n"
	"\tint error = mr ? 0 : errno;\n"
	"\n"
	"\tmust(error != due && (error == ENOMEM || error == EOPNOTSUPP));\n"
	"\tif (error != due)\n"
	"\t\tend(DEFECT, \"registration: %s, expected %s\", strerror(error), strerror(due));\n"
	"\tm->mr = mr;\n"
	"\tif (mr)\n"
	"\t\tm->lkey = mr->lkey, m->rkey = mr->rkey;\n"
	"}\n";

const char text_of_data[] =
	"/* Data tells what it is meant for (@salt), its generation, and its offset there. */\n"
	"static unsigned char byte(uint64_t salt, unsigned int generation, uint64_t offset)\n"
	"{\n"
	"\tuint64_t word = (0xa5ull << 56 | (uint64_t)generation << 40) + offset / 8;\n"
	"\n"
	"\tword = word * 0x9ddfea08eb382d69 + salt;\n"
	"\tword = (word ^ word >> 32) * 0xbf58476d1ce4e5b9;\n"
	"\treturn generation == ZEROS ? 0 : (word ^ word >> 32) >> offset % 8 * 8;\n"
	"}\n";

const char text_of_fill[] =
	"static void fill(unsigned char *to, size_t len, uint64_t salt, unsigned int generation,\n"
	"\t\t uint64_t offset)\n"
	"{\n"
	"\tfor (size_t i = 0; i < len; i++)\n"
	"\t\tto[i] = byte(salt, generation, offset + i);\n"
	"}\n";

const char text_of_check[] =
	"static void check(const unsigned char *in, size_t len, uint64_t salt, unsigned int generation,\n"
	"\t\t  uint64_t offset)\n"
	"{\n"
	"\tsize_t wrong = 0, first = 0;\n"
	"\n"
	"\tfor (size_t i = len; i-- > 0;)\n"
	"\t\tif (in[i] != byte(salt, generation, offset + i))\n"
	"\t\t\twrong++, first = i;\n"
	"\tif (wrong)\n"
	"\t\tend(DEFECT, \"wrong data: %zu of %zu bytes, from byte %zu: 0x%02x, expected 0x%02x\",\n"
	"\t\t    wrong, len, first, in[first], byte(salt, generation, offset + first));\n"
	"}\n";

const char text_of_either[] =
	"/* Each byte is of either generation. */\n"
	"static void check_either(const unsigned char *in, size_t len, uint64_t salt,\n"
	"\t\t\t unsigned int generation, unsigned int other, uint64_t offset)\n"
	"{\n"
	"\tsize_t wrong = 0, first = 0;\n"
	"\n"
	"\tfor (size_t i = len; i-- > 0;)\n"
	"\t\tif (in[i] != byte(salt, generation, offset + i) &&\n"
	"\t\t    in[i] != byte(salt, other, offset + i))\n"
	"\t\t\twrong++, first = i;\n"
	"\tif (wrong)\n"
	"\t\tend(DEFECT, \"wrong data: %zu of %zu bytes, from byte %zu: 0x%02x, expected 0x%02x\",\n"
	"\t\t    wrong, len, first, in[first], byte(salt, generation, offset + first));\n"
	"}\n";

const char text_of_guard[] =
	"/* 64 bytes before and after a range, which no operation may change. */\n"
	"#define guard(what, m, at, len, salt)                                       \\\n"
	"\t(what((m).addr + (at) - 64, 64, salt, 0xfffd, (at) - 64),            \\\n"
	"\t what((m).addr + (at) + (len), 64, salt, 0xfffd, (at) + (len)))\n";

const char text_of_fill_file[] =
	"static void fill_file(struct memory *m, size_t at, size_t len, uint64_t salt,\n"
	"\t\t      unsigned int generation, uint64_t offset)\n"
	"{\n"
	"\tunsigned char *data = malloc(len);\n"
	"\n"
	"\tfill(data, len, salt, generation, offset);\n"
	"\tmust(pwrite(m->fd, data, len, m->begin + (off_t)at) != (ssize_t)len);\n"
	"\tfree(data);\n"
	"}\n";

const char text_of_check_file[] =
	"static void check_file(struct memory *m, size_t at, size_t len, uint64_t salt,\n"
	"\t\t       unsigned int generation, uint64_t offset)\n"
	"{\n"
	"\tunsigned char *data = malloc(len);\n"
	"\n"
	"\tmust(pread(m->fd, data, len, m->begin + (off_t)at) != (ssize_t)len);\n"
	"\tcheck(data, len, salt, generation, offset);\n"
	"\tfree(data);\n"
	"}\n";

const char text_of_check_word[] =
	"static void check_word(const unsigned char *in, uint64_t due)\n"
	"{\n"
	"\tuint64_t got;\n"
	"\n"
	"\tmemcpy(&got, in, sizeof(got));\n"
	"\tif (got != due)\n"
	"\t\tend(DEFECT, \"the word is %#jx, expected %#jx\", (uintmax_t)got, (uintmax_t)due);\n"
	"}\n";

const char text_of_advise[] =
	"static void advise(enum ibv_advise_mr_advice advice, int sync, int due, struct ibv_sge sge)\n"
	"{\n"
	"\tint error = ibv_advise_mr(pd, advice, sync ? IBV_ADVISE_MR_FLAG_FLUSH : 0, &sge, 1);\n"
	"\n"
	"\tmust(error == EOPNOTSUPP && error != due);\n"
	"\tif (error != due)\n"
	"\t\tend(DEFECT, \"ibv_advise_mr: %s, expected %s\", strerror(error), strerror(due));\n"
	"}\n";

const char text_of_reregister[] =
	"/* @flags: IBV_REREG_MR_CHANGE_ACCESS and _TRANSLATION */\n"
	"static void change(struct memory *m, int flags, size_t from, size_t len, int access, int due)\n"
	"{\n"
	"\tint error = ibv_rereg_mr(m->mr, flags, NULL, m->addr + from, len, access) ? errno : 0;\n"
	"\n"
	"\tmust(error == EOPNOTSUPP && error != due);\n"
	"\tif (error != due)\n"
	"\t\tend(DEFECT, \"ibv_rereg_mr: %s, expected %s\", strerror(error), strerror(due));\n"
	"\tm->lkey = m->mr->lkey;\n"
	"\tm->rkey = m->mr->rkey;\n"
	"}\n";

const char text_of_page_out[] =
	"/* Until no page of the range is present: bit 63 of admin-guide/mm/pagemap.rst. */\n"
	"static void page_out(unsigned char *addr, size_t len)\n"
	"{\n"
	"\tint pagemap = open(\"/proc/self/pagemap\", O_RDONLY), status, node = 0, tries = 200;\n"
	"\tuint64_t entry, present = 1;\n"
	"\tvoid *page = NULL;\n"
	"\n"
	"\tfor (; present && tries--; usleep(10000)) {\n"
	"\t\t/* moves no page, but empties the batches of those faulted in just now */\n"
	"\t\tsyscall(SYS_move_pages, 0, 0, &page, &node, &status, 2);\n"
	"\t\tmust(madvise(addr, len, MADV_PAGEOUT));\n"
	"\t\tpresent = 0;\n"
	"\t\tfor (uintptr_t at = (uintptr_t)addr; at < (uintptr_t)addr + len; at += 4096)\n"
	"\t\t\tif (pread(pagemap, &entry, 8, (off_t)(at / 4096 * 8)) == 8)\n"
	"\t\t\t\tpresent |= entry >> 63;\n"
	"\t}\n"
	"\tclose(pagemap);\n"
	"\tif (present)\n"
	"\t\tend(LACKS, \"the pages cannot be paged out: is there swap?\");\n"
	"}\n";

const char text_of_numbers[] =
	"#ifndef MADV_GUARD_INSTALL\n"
	"#define MADV_GUARD_INSTALL 102\n"
	"#define MADV_GUARD_REMOVE  103\n"
	"#endif\n";

const char text_of_move_away[] =
	"static void move_away_and_back(void *home, size_t len)\n"
	"{\n"
	"\tconst int flags = MREMAP_MAYMOVE | MREMAP_FIXED;\n"
	"\tvoid *away = mmap(NULL, len, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);\n"
	"\n"
	"\tmust(mremap(home, len, len, flags, away) == MAP_FAILED ||\n"
	"\t     mremap(away, len, len, flags, home) == MAP_FAILED);\n"
	"}\n";

const char text_of_child[] =
	"/* A forked child, which stores to and checks its copy. */\n"
	"struct order {\n"
	"\tint store;\n"
	"\tunsigned char *addr;\n"
	"\tsize_t len;\n"
	"\tuint64_t salt;\n"
	"\tunsigned int generation;\n"
	"\tuint64_t offset;\n"
	"};\n"
	"\n"
	"static int orders[2], answers[2];\n"
	"\n"
	"static void fork_child(void)\n"
	"{\n"
	"\tstruct order o;\n"
	"\tpid_t pid;\n"
	"\n"
	"\tmust(pipe(orders) || pipe(answers) || (pid = fork()) < 0);\n"
	"\tclose(pid ? answers[1] : orders[1]);\n"
	"\tif (pid)\n"
	"\t\treturn;\n"
	"\twhile (read(orders[0], &o, sizeof(o)) == sizeof(o)) {\n"
	"\t\tif (o.store)\n"
	"\t\t\tfill(o.addr, o.len, o.salt, o.generation, o.offset);\n"
	"\t\telse\n"
	"\t\t\tcheck(o.addr, o.len, o.salt, o.generation, o.offset);\n"
	"\t\tif (write(answers[1], \"\", 1) != 1)\n"
	"\t\t\tbreak;\n"
	"\t}\n"
	"\t_exit(0);\n"
	"}\n";

const char text_of_order[] =
	"static void child(struct order o)\n"
	"{\n"
	"\tchar answer;\n"
	"\n"
	"\tif (write(orders[1], &o, sizeof(o)) != sizeof(o) || read(answers[0], &answer, 1) != 1)\n"
	"\t\tend(DEFECT, \"in the child\");\n"
	"}\n";
