// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* device.c - gathers facts about each RDMA device */
#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "survey/survey.h"

#define RDMA_CLASS "/sys/class/infiniband/"

bool survey_device_is_up(const struct survey_device *device)
{
	for (size_t i = 0; i < device->n_ports; i++)
		if (device->ports[i].facts.active)
			return true;
	return false;
}

static void look_at_port(const struct rdma_device *device, unsigned int number,
			 struct survey_port *port)
{
	char path[PATH_MAX];
	int n;

	port->facts = (struct rdma_port){ .number = number, .state = "unknown" };
	if (rdma_port_query(device, number, &port->facts))
		return;
	snprintf(path, sizeof(path), RDMA_CLASS "%s/ports/%u/rate", device->name, number);
	if (file_read(path, port->rate, sizeof(port->rate)))
		snprintf(port->rate, sizeof(port->rate), "unknown");
	n = rdma_gid_list(device, number, &port->gids);
	port->n_gids = n > 0 ? (size_t)n : 0;
}

static int look_at_ports(struct survey_device *device)
{
	device->ports = calloc(device->facts.ports, sizeof(*device->ports));
	if (!device->ports)
		return log_errno(ENOMEM, "%u ports", device->facts.ports);
	device->n_ports = device->facts.ports;
	for (unsigned int i = 0; i < device->facts.ports; i++)
		look_at_port(&device->facts, i + 1, &device->ports[i]);
	return 0;
}

/* The port that a test would use: the first active one. */
static unsigned int port_to_watch(const struct survey_device *device)
{
	for (size_t i = 0; i < device->n_ports; i++)
		if (device->ports[i].facts.active)
			return device->ports[i].facts.number;
	return 1;
}

static void probe_witnesses(struct survey_device *device)
{
	struct witness_spec spec = { device->facts.name, port_to_watch(device) };
	struct evidence evidence;

	evidence_open(&evidence, &spec);
	for (size_t i = 0; i < WITNESSES; i++) {
		struct survey_witness *witness = &device->witnesses[i];

		witness->name = evidence.witness[i].ops->name;
		witness->available = evidence.witness[i].open;
		snprintf(witness->detail, sizeof(witness->detail), "%s",
			 evidence.witness[i].why);
	}
	device->facts.port.number = spec.port;
	device_probe_run(&device->facts, &evidence, &device->device_probe);
	evidence_close(&evidence);
}

/* A device that cannot be opened is in the survey as well. */
static int look_at_device(const char *name, struct survey_device *device)
{
	int ret;

	device->error = rdma_device_open_portless(&device->facts, name);
	snprintf(device->facts.name, sizeof(device->facts.name), "%s", name);
	if (device->error)
		return 0;
	ret = look_at_ports(device);
	if (!ret)
		probe_witnesses(device);
	rdma_device_close(&device->facts);
	return ret;
}

/* All that the kernel has, or only @name. Returns 0 or -errno after one line. */
static int look_at_devices(struct survey *survey, const glob_t *folders, const char *name)
{
	int ret = 0;

	survey->devices = calloc(folders->gl_pathc + 1, sizeof(*survey->devices));
	if (!survey->devices)
		return log_errno(ENOMEM, "%zu devices", folders->gl_pathc);
	for (size_t i = 0; i < folders->gl_pathc && !ret; i++) {
		const char *found = folders->gl_pathv[i] + strlen(RDMA_CLASS);

		if (!name || !strcmp(name, found))
			ret = look_at_device(found,
					     &survey->devices[survey->n_devices++]);
	}
	return ret;
}

int survey_devices(struct survey *survey, const char *name)
{
	glob_t folders = { 0 };
	int ret;

	/* the kernel's list: libibverbs omits devices that it has no driver for */
	if (glob(RDMA_CLASS "*", 0, NULL, &folders))
		folders.gl_pathc = 0;
	ret = look_at_devices(survey, &folders, name);
	globfree(&folders);
	if (!ret && name && !survey->n_devices) {
		log_error("--device %s: no such RDMA device; odp_info lists all", name);
		return -ENODEV;
	}
	return ret;
}

void survey_calibrate(struct survey *survey)
{
	for (size_t i = 0; i < survey->n_devices; i++) {
		struct survey_device *device = &survey->devices[i];
		struct witness_spec spec = { device->facts.name, port_to_watch(device) };
		struct evidence evidence;

		if (device->error)
			continue;
		evidence_open(&evidence, &spec);
		fault_sample_take(&device->fault_sample, device->facts.name, &evidence);
		evidence_close(&evidence);
	}
}
