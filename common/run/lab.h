/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* lab.h - what a run has to work with: a device, places for regions, witnesses */
#ifndef ODPLAB_RUN_LAB_H
#define ODPLAB_RUN_LAB_H

#include <json-c/json.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "evidence/evidence.h"
#include "mem/region.h"
#include "mem/settings.h"
#include "rdma/device.h"
#include "run/side.h"

/* What the user asks for. Read-only after the command line is parsed. */
struct lab_config {
	const char *transport; /* "verbs", "ofi:PROVIDER" */
	const char *device;    /* NULL: the first that suits */
	uint64_t port;	       /* 0: the first active one */
	const char *gid_index; /* NULL: chosen */
	const char *dax; /* directory on a DAX filesystem, or file in it; NULL: found */
	const char *devdax;    /* NULL: found */
	const char *directory; /* on a page-cache filesystem; NULL: found */
	unsigned int
		kind; /* enum region_kind that scenarios use where any kind will do */
	uint64_t seed;
	bool hazards; /* the host can be spared: see NEED_HAZARD */
	bool many;    /* loops are to run as often as a long test wants */
};

/*
 * The rows that every application which works in a lab has; its configuration struct
 * @config has a struct lab_config named lab.
 */
/* clang-format off */
#define LAB_OPTIONS(config)                                                              \
	{ "transport", 0, OPT_STRING, offsetof(config, lab.transport), "NAME", "verbs",  \
	  "what moves the data: verbs, or ofi[:PROVIDER] (libfabric)" },                 \
	{ "device", 'd', OPT_STRING, offsetof(config, lab.device), "NAME", NULL,         \
	  "RDMA device; default: the first with ODP and an active port" },               \
	{ "ib-port", 'i', OPT_NUMBER, offsetof(config, lab.port), "N", NULL,             \
	  "port of the device; default: the first active one", .max = 255 },             \
	{ "gid-index", 'x', OPT_STRING, offsetof(config, lab.gid_index), "N", NULL,      \
	  "GID index; default: RoCE v2 over IPv4 where there is one" },                  \
	{ "dax", 0, OPT_STRING, offsetof(config, lab.dax), "PATH", NULL,                 \
	  "directory on a DAX filesystem, or a file in it; default: found" },            \
	{ "devdax", 0, OPT_STRING, offsetof(config, lab.devdax), "DEVICE", NULL,         \
	  "DAX device whose content may be lost; default: none" },                       \
	{ "directory", 0, OPT_STRING, offsetof(config, lab.directory), "DIR", NULL,      \
	  "directory on a page-cache filesystem; default: the first found" },            \
	{ "seed", 0, OPT_NUMBER, offsetof(config, lab.seed), "N", "1",                   \
	  "seed of all data and choices; replays a run" }
/* clang-format on */

/* What was found. Read-only after lab_open(), but for the witnesses' own state. */
struct lab {
	const struct lab_config *config;
	struct rdma_device_spec device_spec; /* by which each side opens it */
	struct rdma_device device;	     /* its facts; not open */
	struct settings settings;	     /* to be put back as they were */
	uint64_t abilities;		     /* of memory: 1 << enum ability */
	int prefetch;			     /* 0, or -errno of a first ibv_advise_mr() */
	const char *place[REGION_KINDS];     /* for regions of a kind, or NULL */
	char dax[PATH_MAX], directory[PATH_MAX];
	struct evidence evidence;
	side_open_fn *open_side; /* how a scenario comes by its sides */
};

/*
 * Returns 0 or -errno after one line. A missing place is no error (see lab_has_place()),
 * a place that was named and does not fit is: -EMEDIUMTYPE, -ENOENT ...
 */
int lab_open(struct lab *lab, const struct lab_config *config);
void lab_close(struct lab *lab);

/* Fills .device and .prefetch, by .device_spec. Returns 0 or -errno after one line. */
int lab_look_at_device(struct lab *lab);

/* "" for verbs, " over ofi:tcp, where the CPU takes the faults". Returns @text. */
#define LAB_TRANSPORT 128
const char *lab_transport(const struct lab *lab, char text[LAB_TRANSPORT]);

/* Can a region of @kind be made? Otherwise @why says what is missing and the remedy. */
bool lab_has_place(const struct lab *lab, enum region_kind kind, char *why, size_t size);

/*
 * Kernel, host, device, places, witnesses: what a reader of a result must know. The
 * caller owns it.
 */
struct json_object *lab_to_json(const struct lab *lab);

#endif
