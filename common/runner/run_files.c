// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* run_files.c - the files that a run leaves, and run.json on stdout */
#include "runner/run_files.h"

#include "base/cleanup.h"
#include "base/util.h"
#include "testcase/registry.h"

static void write_json(FILE *out, const void *data)
{
	struct json_object *object = report_json(data);

	fprintf(out, "%s\n",
		json_object_to_json_string_ext(object,
					       JSON_C_TO_STRING_PRETTY |
						       JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(object);
}

static void write_tap(FILE *out, const void *data)
{
	report_tap(data, out);
}

static void write_junit(FILE *out, const void *data)
{
	report_junit(data, out);
}

static void write_column(FILE *out, const void *data)
{
	report_column(data, out);
}

static void write_kernel_log(FILE *out, const void *data)
{
	report_kernel_log(data, out);
}

void run_files_print_json(const struct run *run)
{
	size_t size;
	_cleanup_free_ char *text = results_text(write_json, run, &size);

	if (text)
		fwrite(text, 1, size, stdout);
}

static void write_reproducer(FILE *out, const void *data)
{
	fputs(data, out);
}

/* Of each that failed, also as expected. */
static int write_reproducers(struct results *results, const struct run *run)
{
	char name[128];
	int ret = 0;

	for (size_t i = 0; i < run->n && !ret; i++) {
		const struct outcome *outcome = &run->outcomes[i];

		if (!outcome->reproducer)
			continue;
		snprintf(name, sizeof(name), "reproducer-%s.c", outcome->scenario->id);
		ret = results_file(results, name, write_reproducer, outcome->reproducer);
	}
	return ret;
}

int run_files_write(struct results *results, const struct run *run)
{
	static const struct {
		const char *name;
		void (*write)(FILE *out, const void *data);
	} files[] = {
		{ "run.json", write_json },
		{ "run.tap", write_tap },
		{ "junit.xml", write_junit },
		{ "kernel.log", write_kernel_log },
	};
	int ret = 0;

	for (size_t i = 0; i < ARRAY_SIZE(files) && !ret; i++)
		ret = results_file(results, files[i].name, files[i].write, run);
	if (!ret && run->learn)
		ret = results_file(results, "driver-column.txt", write_column, run);
	if (!ret)
		ret = write_reproducers(results, run);
	return ret ? ret : results_finish(results);
}
