// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* program_text.c - a whole program: its first comment, its parts, its main() */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/rand.h"
#include "base/util.h"
#include "reproducer/program.h"

/* Text within a comment, whose lines are of 90 columns. */
static void say_comment(FILE *out, const char *text)
{
	unsigned int column = 0;

	fputs(" *", out);
	while (*text) {
		size_t word = strcspn(text, " \n");

		if (column + word > 84) {
			fputs("\n *", out);
			column = 0;
		}
		fputc(' ', out);
		for (size_t i = 0; i < word; i++)
			fputc(text[i] == '*' && text[i + 1] == '/' ? '#' : text[i], out);
		column += (unsigned int)word + 1;
		text += word + strspn(text + word, " \n");
	}
	fputc('\n', out);
}

static void say_head(FILE *out, const struct program *p,
		     const struct reproducer_facts *facts)
{
	char text[1600];
	struct utsname host;

	uname(&host);
	fputs("// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause\n/*\n", out);
	snprintf(text, sizeof(text), "%s: %s.", facts->id, facts->about);
	say_comment(out, text);
	snprintf(text, sizeof(text),
		 "Written by odp_test %s of a run on Linux %s, device %s (%s), which "
		 "ended with %s%s%s.",
		 ODPLAB_VERSION, host.release, facts->device->name, facts->device->driver,
		 facts->verdict, facts->why[0] ? ": " : "", facts->why);
	say_comment(out, text);
	fprintf(out,
		" *\n *\tgcc -Wall -o repro repro.c -libverbs && ./repro DEVICE%s\n *\n",
		p->directory ? " DIRECTORY" : "");
	snprintf(
		text, sizeof(text),
		"%s%s%sThe program ends with 1 where something is not as the title says, "
		"with 0 "
		"where all is, and with 77 where the device or the host lacks something. "
		"It does not count page faults.",
		p->directory ? "DIRECTORY is " : "", p->directory ? p->directory : "",
		p->directory ? ". " : "");
	say_comment(out, text);
	fputs(" */\n", out);
}

/* What the next parts refer to. */
static void say_constants(FILE *out, const struct program *p,
			  const struct reproducer_facts *facts)
{
	if (p->uses[PART_PAIR])
		fprintf(out,
			"enum { OWN, PEER, RECEIVE, PORT = %u, GID_INDEX = %u, PAIRS = "
			"%u, MAX_SGE = %u, "
			"MAX_INLINE = %u };\n\n",
			facts->device->port.number, facts->device->gid_index, p->pairs,
			p->sges ? p->sges : 1, p->inline_bytes);
}

static void say_parts(FILE *out, const struct program *p,
		      const struct reproducer_facts *facts)
{
	static const char *const texts[PARTS] = {
#define PART(NAME, name, needs) text_of_##name,
#include "reproducer/parts.def"
#undef PART
	};

	for (unsigned int i = 0; i < PARTS; i++) {
		if (i == PART_PAIR)
			say_constants(out, p, facts);
		if (p->uses[i])
			fprintf(out, "%s%s", texts[i], i < PART_HEAD ? "" : "\n");
	}
}

static void say_variables(FILE *out, const struct program *p)
{
	bool files = false;

	for (unsigned int i = 0; i < p->seeds; i++)
		fprintf(out, "#define SALT%u 0x%016" PRIx64 "\n", i,
			rand_mix(p->seed[i]));
	fprintf(out, "%sint main(int argc, char **argv)\n{\n", p->seeds ? "\n" : "");
	for (unsigned int i = 0; i < p->variables; i++)
		fprintf(out, "%s%s%s",
			i % 10 ? ", " :
			i      ? ";\n\tstruct memory " :
				 "\tstruct memory ",
			p->variable[i].name, i + 1 == p->variables ? ";\n" : "");
	for (unsigned int i = 0; i < p->windows; i++)
		fprintf(out, "\tstruct ibv_mw *window%u;\n", i);
	for (unsigned int i = 0; i < p->variables; i++)
		files |= p->variable[i].file;
	if (p->directory)
		fputs("\tconst char *directory = argc > 2 ? argv[2] : \".\";\n", out);
	if (files)
		fputs("\tint fd;\n", out);
}

/* The capabilities that ibv_query_device_ex() must report. */
static void say_device(FILE *out, const struct program *p)
{
	static const struct {
		uint32_t operation;
		const char *name;
	} names[] = {
		{ ODP_SEND, "SEND" }, { ODP_RECV, "RECV" },	{ ODP_WRITE, "WRITE" },
		{ ODP_READ, "READ" }, { ODP_ATOMIC, "ATOMIC" },
	};

	unsigned int n = 0;

	fputs("\n", out);
	if (p->directory)
		fputs("\tif (argc < 3)\n\t\tend(LACKS, \"name a device and a "
		      "directory\");\n",
		      out);
	fprintf(out, "\topen_device(argc > 1 ? argv[1] : NULL, %s%s,\n\t\t    ",
		p->odp ? "IBV_ODP_SUPPORT" : "0",
		p->implicit ? " | IBV_ODP_SUPPORT_IMPLICIT" : "");
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (p->odp && p->odp_operations & names[i].operation)
			fprintf(out, "%sIBV_ODP_SUPPORT_%s", n++ ? " | " : "",
				names[i].name);
	fputs(n ? ");\n" : "0);\n", out);
}

char *program_text(const struct program *p, const struct reproducer_facts *facts,
		   const char *body)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	say_head(out, p, facts);
	say_parts(out, p, facts);
	say_variables(out, p);
	say_device(out, p);
	fputs(body, out);
	fputs("\tputs(\"all is as it should be\");\n\treturn 0;\n}\n", out);
	return fclose(out) ? NULL : text;
}
