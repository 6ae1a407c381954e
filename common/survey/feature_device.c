// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* feature_device.c - features of the device, its driver and its firmware */
#include <errno.h>
#include <string.h>

#include "base/util.h"
#include "survey/feature_judge.h"

static const char *remedy_of_opening(int error)
{
	switch (-error) {
	case EACCES:
	case EPERM:
		return "run as root, or give yourself access to /dev/infiniband/uverbs*";
	case ENOENT:
		return "have udev make /dev/infiniband/uverbs*";
	case ENODEV:
	case ENOSYS:
		return "modprobe ib_uverbs, and install the device's libibverbs provider "
		       "(ibverbs-providers)";
	default:
		return "look for the device in the kernel's log (dmesg)";
	}
}

static const char *remedy_of_no_odp(const char *driver)
{
	if (!strcmp(driver, "rxe"))
		return "use Linux 6.15 or newer, built with "
		       "CONFIG_INFINIBAND_ON_DEMAND_PAGING";
	if (!strcmp(driver, "mlx5"))
		return "update the firmware, and use a kernel built with "
		       "CONFIG_INFINIBAND_ON_DEMAND_PAGING";
	return "use a ConnectX-4 or newer, or soft-RoCE of Linux 6.15 or newer";
}

void judge_explicit_odp(const struct feature *feature, const struct survey *survey,
			const struct survey_device *device, struct readiness *readiness)
{
	if (!device)
		readiness_no(readiness,
			     "load the driver of one; or rdma link add rxe0 type rxe "
			     "netdev DEVICE; or use the testbed",
			     "there is no RDMA device");
	else if (device->error)
		readiness_no(readiness, remedy_of_opening(device->error),
			     "the device cannot be opened: %s", strerror(-device->error));
	else if (!(device->facts.caps.general & ODP_SUPPORT))
		readiness_no(
			readiness, remedy_of_no_odp(device->facts.driver),
			"neither the device nor its driver supports on-demand paging");
	else if (device->device_probe.explicit_odp == -EOPNOTSUPP)
		readiness_no(readiness,
			     "boot without swiotlb=force and memory encryption: the "
			     "device must reach memory directly",
			     "offered, but the registration of a page is refused: %s",
			     strerror(-device->device_probe.explicit_odp));
	else if (device->device_probe.explicit_odp)
		readiness_no(readiness, "look for the reason in the kernel's log (dmesg)",
			     "offered, but the registration of a page fails: %s",
			     strerror(-device->device_probe.explicit_odp));
	else if (!survey_device_is_up(device))
		readiness_no(
			readiness,
			"bring the link up (ip link set DEVICE up, or start a subnet "
			"manager)",
			"registers a page, but no port is active");
	else
		readiness_yes(readiness, "registers a page, and a port is active");
}

void judge_implicit_odp(const struct feature *feature, const struct survey *survey,
			const struct survey_device *device, struct readiness *readiness)
{
	if (!(device->facts.caps.general & ODP_IMPLICIT))
		readiness_no(readiness, "use explicit ODP; mlx5 has both",
			     "the device or its driver does not support it");
	else if (device->device_probe.implicit_odp)
		readiness_no(readiness, "look for the reason in the kernel's log (dmesg)",
			     "offered, but the registration fails: %s",
			     strerror(-device->device_probe.implicit_odp));
	else
		readiness_yes(readiness, "registers the address space");
}

void judge_pinned(const struct feature *feature, const struct survey *survey,
		  const struct survey_device *device, struct readiness *readiness)
{
	if (!device->device_probe.pinned)
		readiness_yes(readiness, "registers a page");
	else if (device->device_probe.pinned == -ENOMEM ||
		 device->device_probe.pinned == -EPERM)
		readiness_no(readiness, "raise it (ulimit -l), or run with CAP_IPC_LOCK",
			     "RLIMIT_MEMLOCK does not admit one page");
	else
		readiness_no(readiness, "look for the reason in the kernel's log (dmesg)",
			     "the registration of a page fails: %s",
			     strerror(-device->device_probe.pinned));
}

void judge_operations(const struct feature *feature, const struct survey *survey,
		      const struct survey_device *device, struct readiness *readiness)
{
	const struct odp_caps *caps = &device->facts.caps;
	uint32_t missing = feature->operations & ~caps->per_transport[feature->transport];
	char text[ODP_OPERATIONS_TEXT];

	if (feature->transport == QP_DC && !caps->dc_known)
		readiness_no(readiness, feature->remedy, "unknown: needs libmlx5");
	else if (missing)
		readiness_no(readiness, feature->remedy,
			     "no ODP for %s on %s queue pairs",
			     odp_operations_text(missing, text),
			     qp_type_name(feature->transport));
	else
		readiness_yes(readiness, "%s on %s queue pairs",
			      odp_operations_text(feature->operations, text),
			      qp_type_name(feature->transport));
}

void judge_prefetch(const struct feature *feature, const struct survey *survey,
		    const struct survey_device *device, struct readiness *readiness)
{
	if (device->device_probe.prefetch)
		readiness_no(readiness, "use mlx5, or soft-RoCE of Linux 6.16 or newer",
			     "a page cannot be prefetched: %s",
			     strerror(-device->device_probe.prefetch));
	else
		readiness_yes(readiness, "prefetches a page");
}

/* Which witness counts, or what the first of them lacks. */
void judge_fault_proof(const struct feature *feature, const struct survey *survey,
		       const struct survey_device *device, struct readiness *readiness)
{
	const struct survey_witness *first = &device->witnesses[0];

	for (unsigned int i = 0; i < WITNESSES; i++) {
		if (!device_probe_witness_counts(&device->device_probe, i))
			continue;
		readiness_yes(readiness, "%s counts the pages that are faulted in",
			      device->witnesses[i].name);
		return;
	}
	if (first->available)
		readiness_no(
			readiness, "see what odp_test -v shows of each witness",
			"%s is available, but did not count a page that was faulted in",
			first->name);
	else
		readiness_no(readiness,
			     "run as root, on a kernel with dynamic trace events; mlx5's "
			     "counters need CAP_NET_ADMIN only",
			     "%s: %s", first->name, first->detail);
}
