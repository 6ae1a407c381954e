// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* json_device.c - an RDMA device as JSON */
#include <string.h>

#include "survey/json.h"

static void add_port(struct json_object *to, const struct survey_port *port)
{
	struct json_object *gids;

	json_add_number(to, "number", port->facts.number);
	json_add_text(to, "state", port->facts.state);
	json_add_text(to, "link", port->facts.ethernet ? "Ethernet" : "InfiniBand");
	json_add_text(to, "rate", port->rate);
	json_add_number(to, "lid", port->facts.lid);
	json_add_number(to, "mtu", port->facts.mtu_bytes);
	json_add_number(to, "max_mtu", port->facts.max_mtu_bytes);
	gids = json_add_array(to, "gids");
	for (size_t i = 0; i < port->n_gids; i++) {
		const struct rdma_gid *gid = &port->gids[i];
		struct json_object *item = json_append_object(gids);

		json_add_number(item, "index", gid->index);
		json_add_text(item, "gid", gid->text);
		json_add_text(item, "type", gid->type);
		json_add_text(item, "netdev", gid->netdev[0] ? gid->netdev : NULL);
	}
}

static void add_operations(struct json_object *to, const char *key, uint32_t operations)
{
	struct json_object *array = json_add_array(to, key);
	char text[ODP_OPERATIONS_TEXT], *rest = text, *word;

	if (!operations)
		return;
	odp_operations_text(operations, text);
	while ((word = strsep(&rest, " ")))
		json_object_array_add(array, json_object_new_string(word));
}

static void add_odp(struct json_object *to, const struct odp_caps *caps)
{
	json_add_flag(to, "explicit", caps->general & ODP_SUPPORT);
	json_add_flag(to, "implicit", caps->general & ODP_IMPLICIT);
	for (unsigned int i = 0; i < TRANSPORTS; i++)
		if (i == QP_DC && !caps->dc_known)
			json_add_null(to, qp_type_name(QP_DC));
		else
			add_operations(to, qp_type_name((enum qp_type)i),
				       caps->per_transport[i]);
	json_add_text(to, "scheme", fault_scheme_name(caps->hca.scheme));
}

/* "ok", the errno in words, or null where nothing was tried */
static void add_outcome(struct json_object *to, const char *key, bool offered, int error)
{
	const char *outcome = error ? strerror(-error) : "ok";

	json_add_text(to, key, offered ? outcome : NULL);
}

static void add_device_probe(struct json_object *to, const struct survey_device *device)
{
	bool explicit = device->facts.caps.general & ODP_SUPPORT;
	bool implicit = device->facts.caps.general & ODP_IMPLICIT;

	add_outcome(to, "pinned", true, device->device_probe.pinned);
	add_outcome(to, "explicit", explicit, device->device_probe.explicit_odp);
	add_outcome(to, "implicit", implicit, device->device_probe.implicit_odp);
	add_outcome(to, "prefetch", explicit, device->device_probe.prefetch);
}

/* What a request of an RC queue pair can have; null where none can be made. */
static void add_request(struct json_object *to, const struct survey_device *device)
{
	struct json_object *object;

	if (device->device_probe.request) {
		json_add_null(to, "request");
		return;
	}
	object = json_add_object(to, "request");
	json_add_number(object, "pieces", device->facts.sges);
	json_add_number(object, "inline_bytes", device->facts.inline_bytes);
}

static void add_witnesses(struct json_object *array, const struct survey_device *device)
{
	for (unsigned int i = 0; i < WITNESSES; i++) {
		const struct survey_witness *witness = &device->witnesses[i];
		struct json_object *item = json_append_object(array);

		json_add_text(item, "name", witness->name);
		json_add_flag(item, "available", witness->available);
		json_add_flag(item, "counts",
			      device_probe_witness_counts(&device->device_probe, i));
		json_add_text(item, "detail", witness->detail);
	}
}

static void add_fault_sample(struct json_object *to, const struct fault_sample *sample)
{
	struct json_object *object, *counts;

	if (!sample->taken) {
		json_add_null(to, "calibration");
		return;
	}
	object = json_add_object(to, "calibration");
	json_add_text(object, "error", sample->error ? strerror(-sample->error) : NULL);
	counts = json_add_array(object, "counts");
	for (size_t i = 0; i < FAULT_SAMPLES && !sample->error; i++) {
		const struct fault_count *count = &sample->count[i];
		struct json_object *item = json_append_object(counts);

		json_add_number(item, "pages", count->pages);
		json_add_flag(item, "seen", count->seen);
		json_add_number(item, "events", count->events);
		json_add_number(item, "neighbours", count->neighbours);
		json_add_number(item, "repeats", count->repeats);
	}
}

void survey_json_device(struct json_object *to, const struct survey_device *device)
{
	const struct rdma_device *facts = &device->facts;
	struct json_object *ports;

	json_add_text(to, "name", facts->name);
	json_add_text(to, "error", device->error ? strerror(-device->error) : NULL);
	if (device->error)
		return;
	json_add_text(to, "driver", facts->driver);
	json_add_text(to, "firmware", facts->firmware);
	json_add_text(to, "board", facts->board[0] ? facts->board : NULL);
	json_add_flag(to, "emulated", facts->emulated);
	json_add_limit(to, "max_mr_bytes", facts->max_mr_bytes);
	json_add_number(to, "max_mr", facts->max_mr);
	json_add_number(to, "max_sge", facts->max_sge);
	ports = json_add_array(to, "ports");
	for (size_t i = 0; i < device->n_ports; i++)
		add_port(json_append_object(ports), &device->ports[i]);
	add_request(to, device);
	add_odp(json_add_object(to, "odp"), &facts->caps);
	add_device_probe(json_add_object(to, "tried"), device);
	add_witnesses(json_add_array(to, "witnesses"), device);
	add_fault_sample(to, &device->fault_sample);
}
