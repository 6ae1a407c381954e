// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* identity.c - driver and board of an RDMA device, from sysfs */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "rdma/verbs/internal.h"

/* The module that drives the PCI device, "mlx5_core" without "_core". */
static bool find_pci_driver(struct rdma_device *device)
{
	char path[PATH_MAX], link[PATH_MAX], *end;
	ssize_t n;

	snprintf(path, sizeof(path), "/sys/class/infiniband/%s/device/driver",
		 device->name);
	n = readlink(path, link, sizeof(link) - 1);
	if (n <= 0)
		return false;
	link[n] = '\0';
	end = strrchr(link, '/');
	snprintf(device->driver, sizeof(device->driver), "%s", end ? end + 1 : link);
	end = strstr(device->driver, "_core");
	if (end)
		*end = '\0';
	return true;
}

void verbs_find_driver(struct rdma_device *device)
{
	char path[PATH_MAX], text[256];
	const char *driver = "unknown";

	if (find_pci_driver(device))
		return;
	/* a device of software: its driver writes its name into the description */
	snprintf(path, sizeof(path), "/sys/class/infiniband/%s/node_desc", device->name);
	if (file_read(path, text, sizeof(text)))
		text[0] = '\0';
	if (!strncmp(text, "rxe", 3))
		driver = "rxe";
	else if (!strncmp(text, "Software iWARP", 14))
		driver = "siw";
	snprintf(device->driver, sizeof(device->driver), "%s", driver);
}

/* How the board of mlx5_emu begins (emu/cmd/resource.c), and that of no real card. */
#define EMULATED_BOARD "EMU_"

void verbs_find_board(struct rdma_device *device)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "/sys/class/infiniband/%s/board_id", device->name);
	if (file_read(path, device->board, sizeof(device->board)))
		device->board[0] = '\0';
	device->emulated =
		!strncmp(device->board, EMULATED_BOARD, strlen(EMULATED_BOARD));
}
