// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* text_device.c - an RDMA device as text */
#include <string.h>

#include "survey/text.h"

static void print_ports(const struct survey_device *device, FILE *out)
{
	struct table *table = table_new("port|state|link|rate|>MTU|>largest|>LID");

	for (size_t i = 0; table && i < device->n_ports; i++) {
		const struct rdma_port *port = &device->ports[i].facts;

		table_row(table, "%u|%s|%s|%s|%u|%u|%u", port->number, port->state,
			  port->ethernet ? "Ethernet" : "InfiniBand",
			  device->ports[i].rate, port->mtu_bytes, port->max_mtu_bytes,
			  port->lid);
	}
	survey_show(table, out);
}

static void print_gids(const struct survey_device *device, FILE *out)
{
	struct table *table = table_new("port|>index|GID|type|interface");
	size_t rows = 0;

	for (size_t p = 0; table && p < device->n_ports; p++)
		for (size_t i = 0; i < device->ports[p].n_gids; i++, rows++) {
			const struct rdma_gid *gid = &device->ports[p].gids[i];

			table_row(table, "%u|%u|%s|%s|%s", device->ports[p].facts.number,
				  gid->index, gid->text, gid->type, gid->netdev);
		}
	fputc('\n', out);
	if (rows) {
		survey_show(table, out);
	} else {
		fprintf(out, "  no GID\n");
		table_free(table);
	}
}

static const char *tried(bool offered, int error)
{
	if (!offered)
		return "-";
	return error ? strerror(-error) : "works";
}

static void print_registration(const struct survey_device *device, FILE *out)
{
	const struct device_probe *device_probe = &device->device_probe;
	struct table *table = table_new("memory region|offered|tried with a page");
	bool explicit = device->facts.caps.general & ODP_SUPPORT;
	bool implicit = device->facts.caps.general & ODP_IMPLICIT;

	fputc('\n', out);
	if (!table)
		return;
	table_row(table, "explicit ODP|%s|%s", explicit ? "yes" : "no",
		  tried(explicit, device_probe->explicit_odp));
	table_row(table, "its prefetch||%s", tried(explicit, device_probe->prefetch));
	table_row(table, "implicit ODP|%s|%s", implicit ? "yes" : "no",
		  tried(implicit, device_probe->implicit_odp));
	table_row(table, "pinned|yes|%s", tried(true, device_probe->pinned));
	survey_show(table, out);
}

static void print_operations(const struct survey_device *device, FILE *out)
{
	const struct odp_caps *caps = &device->facts.caps;
	struct table *table = table_new("transport|operations with on-demand paging");
	char text[ODP_OPERATIONS_TEXT];

	fputc('\n', out);
	for (unsigned int i = 0; table && i < TRANSPORTS; i++)
		table_row(table, "%s|%s", qp_type_name((enum qp_type)i),
			  i == QP_DC && !caps->dc_known ?
				  "unknown: needs libmlx5 and an mlx5 device" :
				  odp_operations_text(caps->per_transport[i], text));
	survey_show(table, out);
	if (caps->hca.scheme != FAULT_SCHEME_UNKNOWN)
		fprintf(out, "  page-fault scheme: %s, as the device reports by DEVX\n",
			fault_scheme_name(caps->hca.scheme));
	else if (!strcmp(device->facts.driver, "mlx5"))
		fprintf(out, "  page-fault scheme: unknown, DEVX failed: %s\n",
			strerror(-caps->hca.error));
}

/* No verb tells it: a queue pair was made. */
static void print_request(const struct survey_device *device, FILE *out)
{
	fputs("  a request of an RC queue pair: ", out);
	if (device->device_probe.request)
		fprintf(out, "unknown, a queue pair cannot be made: %s\n",
			strerror(-device->device_probe.request));
	else
		fprintf(out, "%u pieces of memory, %u bytes of inline data\n",
			device->facts.sges, device->facts.inline_bytes);
}

static void print_witnesses(const struct survey_device *device, FILE *out)
{
	struct table *table =
		table_new("witness|available|counts faults|observes, or why not");

	fputc('\n', out);
	for (unsigned int i = 0; table && i < WITNESSES; i++) {
		const struct survey_witness *witness = &device->witnesses[i];

		table_row(table, "%s|%s|%s|%s", witness->name,
			  witness->available ? "yes" : "no",
			  device_probe_witness_counts(&device->device_probe, i) ? "yes" :
										  "no",
			  witness->detail);
	}
	survey_show(table, out);
}

static void print_fault_sample(const struct fault_sample *sample, FILE *out)
{
	if (!sample->taken)
		return;
	fputs("  calibration   ", out);
	if (sample->error)
		fprintf(out, "not done: %s", strerror(-sample->error));
	else
		fault_counts_print(sample->count, FAULT_SAMPLES, out);
	fputc('\n', out);
}

void survey_print_device(const struct survey_device *device, FILE *out)
{
	const struct rdma_device *facts = &device->facts;
	char size[UNITS_TEXT];

	if (device->error) {
		fprintf(out, "\nRDMA device %s: cannot be opened: %s\n", facts->name,
			strerror(-device->error));
		return;
	}
	fprintf(out,
		"\nRDMA device %s: driver %s, firmware %s, board %s%s, "
		"%u regions of at most %s\n",
		facts->name, facts->driver, facts->firmware,
		facts->board[0] ? facts->board : "unnamed",
		facts->emulated ? " (emulated)" : "", facts->max_mr,
		facts->max_mr_bytes == UINT64_MAX ?
			"any size" :
			survey_size(facts->max_mr_bytes, size));
	print_ports(device, out);
	print_gids(device, out);
	print_registration(device, out);
	print_operations(device, out);
	print_request(device, out);
	print_witnesses(device, out);
	print_fault_sample(&device->fault_sample, out);
}
