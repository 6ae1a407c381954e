/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * survey.h - all that odp_info shows of a host: plain data
 *
 * Gathered by survey_take(), judged by feature.h, shown by text.c and json.c.
 */
#ifndef ODPLAB_SURVEY_SURVEY_H
#define ODPLAB_SURVEY_SURVEY_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "env/device_probe.h"
#include "env/fault_sample.h"
#include "rdma/device.h"
#include "rdma/verbs/gid.h"
#include "storage/path_info.h"
#include "survey/host.h"

struct survey_port {
	struct rdma_port facts;
	char rate[48]; /* "100 Gb/sec (4X EDR)" */
	size_t n_gids;
	struct rdma_gid *gids;
};

struct survey_witness {
	const char *name;
	bool available;
	char detail[WITNESS_WHY]; /* what it observes, or why it cannot and the remedy */
};

struct survey_device {
	struct rdma_device facts; /* no longer open */
	int error;		  /* 0, or -errno: then only its name is known */
	size_t n_ports;
	struct survey_port *ports;
	struct survey_witness witnesses[WITNESSES];
	struct device_probe device_probe;
	struct fault_sample fault_sample; /* by survey_calibrate() only */
};

struct survey {
	struct host host;
	size_t n_devices;
	struct survey_device *devices;
	size_t n_mounts;
	struct path_info *mounts; /* filesystems on disks and persistent memory */
	size_t n_dax_devices;
	struct path_info *dax_devices;
	size_t n_paths;
	struct path_info *paths; /* of the command line */
};

/*
 * @device: NULL for all. Returns 0, or -errno after one line: no such device or path.
 */
int survey_take(struct survey *survey, const char *device, char *const *paths, size_t n);
void survey_free(struct survey *survey);

/* Fills .devices. As above. */
int survey_devices(struct survey *survey, const char *name);

/*
 * Fills .fault_sample of each device that could be opened: memory is registered, data
 * moves.
 */
void survey_calibrate(struct survey *survey);

/* Whether a port of it is active. */
bool survey_device_is_up(const struct survey_device *device);

/* As text: everything, or if paths were named only these and what is ready. */
void survey_print(const struct survey *survey, FILE *out);

/* As JSON, described by odp_info(1); the caller owns it. */
struct json_object *survey_to_json(const struct survey *survey);

#endif
