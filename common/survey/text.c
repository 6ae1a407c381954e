// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* text.c - a survey as text */
#include "survey/text.h"

#include "base/util.h"
#include "rdma/ofi/ofi.h"
#include "rdma/verbs/mlx5.h"
#include "region/pmem.h"
#include "survey/feature.h"

const char *survey_size(uint64_t bytes, char text[UNITS_TEXT])
{
	return bytes == UINT64_MAX ? "unlimited" : units_format_size(bytes, text);
}

static void print_host(const struct host *host, FILE *out)
{
	char a[UNITS_TEXT], b[UNITS_TEXT], c[UNITS_TEXT];

	fprintf(out, "Host %s: Linux %s, %s\n", host->name, host->kernel, host->machine);
	fprintf(out, "  memory        %s, swap %s, %u NUMA node%s, pages of %s\n",
		survey_size(round_down(host->memory_bytes, MiB(1)), a),
		survey_size(round_down(host->swap_bytes, MiB(1)), b), host->numa_nodes,
		host->numa_nodes == 1 ? "" : "s", survey_size(host->page_bytes, c));
	fprintf(out, "  pinned memory %s (RLIMIT_MEMLOCK)%s\n",
		survey_size(host->memlock_soft, a),
		host->ipc_lock ? ", lifted by CAP_IPC_LOCK" : "");
	fprintf(out, "  huge pages    THP %s", host->thp[0] ? host->thp : "none");
	for (unsigned int i = 0; i < host->huge_sizes; i++)
		fprintf(out, "; %s: %llu free of %llu",
			survey_size(host->huge[i].bytes, a),
			(unsigned long long)host->huge[i].free,
			(unsigned long long)host->huge[i].total);
	fprintf(out, "\n  kernel log    %s%s",
		host->kernel_log ? "" : "not read: ", host->kernel_log_detail);
	fprintf(out, "\n  libraries     %s, %s, %s%s%s\n", pmem_library(), mlx5_library(),
		ofi_library(), ofi_version()[0] ? " " : "", ofi_version());
}

/* The remedy is below the reason: next to it both would not fit a terminal. */
static void print_readiness(const struct survey *survey,
			    const struct survey_device *device, FILE *out)
{
	struct table *table = table_new("feature|ready|why");
	size_t ready = 0;

	for (size_t i = 0; table && i < feature_count(); i++) {
		struct readiness readiness;

		feature_judge(i, survey, device, &readiness);
		ready += readiness.ready;
		table_row(table, "%s|%s|%s", feature_name(i),
			  readiness.ready ? "yes" : "no", readiness.reason);
		if (readiness.remedy[0])
			table_row(table, "||  remedy: %s", readiness.remedy);
	}
	fprintf(out, "\nReady on %s: %zu of %zu features\n",
		device ? device->facts.name : "this host", ready, feature_count());
	survey_show(table, out);
}

static void print_all(const struct survey *survey, FILE *out)
{
	print_host(&survey->host, out);
	for (size_t i = 0; i < survey->n_devices; i++)
		survey_print_device(&survey->devices[i], out);
	survey_print_storage(survey, out);
}

void survey_print(const struct survey *survey, FILE *out)
{
	for (size_t i = 0; i < survey->n_paths; i++) {
		survey_print_path(&survey->paths[i], out);
		if (i + 1 < survey->n_paths)
			fputc('\n', out);
	}
	if (!survey->n_paths)
		print_all(survey, out);
	for (size_t i = 0; i < survey->n_devices; i++)
		print_readiness(survey, &survey->devices[i], out);
	if (!survey->n_devices)
		print_readiness(survey, NULL, out);
}
