/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* env.h - the environment of a run: a device, places for regions, witnesses */
#ifndef ODPLAB_ENV_ENV_H
#define ODPLAB_ENV_ENV_H

#include <json-c/json.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/opt.h"
#include "env/pace.h"
#include "evidence/evidence.h"
#include "evidence/kernel_log.h"
#include "invalidation/vm_sysctl.h"
#include "rdma/device.h"
#include "region/region.h"

/* The options. Read-only after the command line is parsed. */
struct env_config {
	const char *transport; /* "verbs", "ofi:PROVIDER" */
	const char *device;    /* NULL: the first that suits */
	uint64_t port;	       /* 0: the first active one */
	const char *gid_index; /* NULL: chosen */
	const char *dax; /* directory on a DAX filesystem, or file in it; NULL: found */
	const char *devdax;    /* NULL: found */
	const char *directory; /* on a page-cache filesystem; NULL: found */
	unsigned int kind;     /* enum region_kind of scenarios that accept any */
	uint64_t seed;
	bool reproducer; /* a scenario reports one, however it ends */
	bool hazards;	 /* the host can be spared: see NEED_HAZARD */
	bool long_run;	 /* loops run as many times as a long test needs */
};

struct result_config {
	const char *output; /* folder in which that of the run is made */
	bool json;	    /* results on stdout as JSON, tables on stderr */
};

/*
 * The option rows of every application that runs in such an environment. Its
 * configuration struct @config has a struct env_config named env.
 */
/* clang-format off */
#define ENV_OPTIONS(config, region_help)                                                 \
	ENV_DEVICE_OPTIONS(config),                                                      \
	OPT_GROUP("Memory"),                                                             \
	OPT_CHOICE_ROW(config, env.kind, "region", 'r', "KIND", "fsdax", region_help,    \
		       .choices = region_kind_names),                                    \
	ENV_PLACE_OPTIONS(config)

#define ENV_DEVICE_OPTIONS(config)                                                       \
	OPT_GROUP("Device"),                                                             \
	OPT_STRING_ROW(config, env.transport, "transport", 0, "NAME", "verbs",           \
		       "API that moves the data: verbs, or ofi[:PROVIDER] (libfabric)"), \
	OPT_STRING_ROW(config, env.device, "device", 'd', "NAME", NULL,                  \
		       "RDMA device; default: the first with ODP and an active port, a " \
		       "NIC before soft-RoCE"),                                          \
	OPT_NUMBER_ROW(config, env.port, "ib-port", 'i', "N", NULL,                      \
		       "port of the device; default: the first active one", .max = 255), \
	OPT_STRING_ROW(config, env.gid_index, "gid-index", 'x', "N", NULL,               \
		       "GID index; default: RoCE v2 over IPv4 where there is one")

#define ENV_PLACE_OPTIONS(config)                                                        \
	OPT_STRING_ROW(config, env.dax, "dax", 0, "PATH", NULL,                          \
		       "directory on a DAX filesystem, or a file in it; default: found"),\
	OPT_STRING_ROW(config, env.devdax, "devdax", 0, "DEVICE", NULL,                  \
		       "DAX device whose content may be lost; default: none"),           \
	OPT_STRING_ROW(config, env.directory, "directory", 0, "DIR", NULL,               \
		       "directory on a page-cache filesystem; default: the first found"),\
	OPT_NUMBER_ROW(config, env.seed, "seed", 0, "N", "1",                            \
		       "seed of all data and choices; replays a run")

/*
 * The rows of every application that leaves results; @config has a result_config named
 * results.
 */
#define RESULT_OPTIONS(config, json_help)                                                \
	OPT_GROUP("Results"),                                                            \
	OPT_STRING_ROW(config, results.output, "output", 'o', "DIR", "results",          \
		       "folder in which the folder of the run is made"),                 \
	OPT_FLAG_ROW(config, results.json, "json", 0, json_help)
/* clang-format on */

struct side;
struct env;

/* The two ends of a test. */
enum side_role { INITIATOR, RESPONDER, SIDE_ROLES };

/* Opens one end. Returns 0 or -errno after one line. */
typedef int side_open_fn(struct side **side, struct env *env, enum side_role role);

/* What was found. Read-only after env_open(), except the state of the witnesses. */
struct env {
	const struct env_config *config;
	struct rdma_device_spec device_spec; /* by which each side opens it */
	struct rdma_device device;	     /* its facts; not open */
	struct vm_sysctl vm_sysctl;	     /* to be restored */
	uint64_t host_features;		     /* of memory: 1 << enum host_feature */
	int prefetch;			     /* 0, or -errno of a first ibv_advise_mr() */
	int large_odp;			     /* 0, or -errno of device_probe_large() */
	const char *place[REGION_KINDS];     /* for regions of a kind, or NULL */
	char dax[PATH_MAX], directory[PATH_MAX];
	struct evidence evidence;
	struct kernel_log kernel_log;
	struct pace pace;	 /* see patience.h */
	side_open_fn *open_side; /* NULL: in the calling process; see side_open() */
};

/*
 * Finds device, places and features of the host, and changes nothing there: no witness is
 * opened, and there is nothing to close. Returns 0 or -errno after one line. A missing
 * place is no error (see env_has_place()), a place that was named and does not fit is:
 * -EMEDIUMTYPE, -ENOENT ... -ENOSR: the host is short of something (limits.h,
 * shortage.h); another line has the remedy where one is not enough.
 */
int env_find(struct env *env, const struct env_config *config);

/* Likewise, and makes the host ready for a run. */
int env_open(struct env *env, const struct env_config *config);
void env_close(struct env *env);

/*
 * Fills .device, .prefetch and .large_odp, by .device_spec. Returns 0; -EINTR where a
 * signal was noted meanwhile; or -errno after one line.
 */
int env_query_device(struct env *env);

/* "" for verbs, " over ofi:tcp, where the CPU takes the faults". Returns @text. */
#define ENV_TRANSPORT 128
const char *env_transport(const struct env *env, char text[ENV_TRANSPORT]);

/* Can a region of @kind be made? Otherwise @why says what is missing and the remedy. */
bool env_has_place(const struct env *env, enum region_kind kind, char *why, size_t size);

/*
 * Kernel, host, device, places, witnesses: what the reader of a result needs. The
 * caller owns it.
 */
struct json_object *env_to_json(const struct env *env);

#endif
