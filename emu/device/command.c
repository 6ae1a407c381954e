// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* command.c - what all handlers of commands share */
#include "device/command.h"

#include <errno.h>

enum command_status command_error(int error)
{
	switch (error) {
	case 0:
		return STATUS_OK;
	case -ENOENT:
		return STATUS_BAD_RESOURCE;
	case -ENOSPC:
		return STATUS_LIMIT;
	case -ENOMEM:
		return STATUS_NO_RESOURCES;
	default:
		return STATUS_BAD_PARAM;
	}
}
