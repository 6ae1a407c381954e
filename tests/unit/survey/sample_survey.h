/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* sample_survey.h - a host with one device on which everything is ready */
#ifndef ODPLAB_TESTS_SAMPLE_SURVEY_H
#define ODPLAB_TESTS_SAMPLE_SURVEY_H

#include "base/util.h"
#include "survey/survey.h"

/* What the pointers of a survey point at: to be spoiled. */
struct sample {
	struct survey survey;
	struct survey_device device;
	struct survey_port port;
	struct rdma_gid gid;
	struct path_info mount, dax_device;
};

static inline void sample_device(struct sample *s)
{
	s->gid = (struct rdma_gid){ 3, "RoCE v2", "::ffff:10.0.0.1", "eth7" };
	s->port = (struct survey_port){
		.facts = { .number = 1, .active = true, .state = "active" },
		.rate = "100 Gb/sec (4X EDR)",
		.n_gids = 1,
		.gids = &s->gid,
	};
	s->device = (struct survey_device){
		.facts = { .name = "mlx5_7",
			   .driver = "mlx5",
			   .firmware = "16.35.4030",
			   .board = "MT_0000000008",
			   .max_mr_bytes = UINT64_MAX,
			   .caps = { .general = ODP_SUPPORT | ODP_IMPLICIT,
				     .dc_known = true,
				     .hca = { .scheme = FAULT_SCHEME_MEMORY } } },
		.n_ports = 1,
		.ports = &s->port,
		.witnesses = { { "trace", true, "kprobe f" },
			       { "mr_counters", true, "netlink" },
			       { "hw_counters", true, "sysfs" } },
		.device_probe = { .observations = WITNESSES },
	};
	for (unsigned int i = 0; i < TRANSPORTS; i++)
		s->device.facts.caps.per_transport[i] = 0xff;
	for (unsigned int i = 0; i < WITNESSES; i++)
		s->device.device_probe.observation[i] =
			(struct observation){ .available = true, .pages = ANYTHING };
	s->device.device_probe.observation[0].pages = EXACTLY(1);
}

static inline void sample_init(struct sample *s)
{
	*s = (struct sample){ 0 };
	sample_device(s);
	s->mount = (struct path_info){
		.name = "/mnt/pmem",
		.kind = PATH_DIRECTORY,
		.tried = true,
		.writable = true,
		.dax = true,
		.map_sync = true,
		.block_bytes = PAGE_BYTES,
		.mount = { .point = "/mnt/pmem", .type = "xfs", .options = "rw" },
		.block = { .known = true, .dax = true, .mode = NAMESPACE_FSDAX },
	};
	s->dax_device = (struct path_info){ .name = "/dev/dax0.0",
					    .kind = PATH_DAX_DEVICE,
					    .writable = true,
					    .dax = true,
					    .size = GiB(1),
					    .align = MiB(2) };
	s->survey = (struct survey){
		.host = { .name = "h",
			  .kernel_log = true,
			  .kernel_log_detail = "/dev/kmsg",
			  .kernel = "7.3",
			  .huge_sizes = 1,
			  .huge = { { MiB(2), 16, 16 } } },
		.n_devices = 1,
		.devices = &s->device,
		.n_mounts = 1,
		.mounts = &s->mount,
		.n_dax_devices = 1,
		.dax_devices = &s->dax_device,
	};
}

#endif
