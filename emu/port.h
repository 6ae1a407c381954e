/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* port.h - the one port: InfiniBand, always up, connected to itself */
#ifndef ODPLAB_EMU_PORT_H
#define ODPLAB_EMU_PORT_H

#include <stdbool.h>
#include <stdint.h>

#define PORT_LID       1
#define PORT_GID_BYTES 16

void port_gid(uint8_t gid[PORT_GID_BYTES]);
bool port_has_gid(const uint8_t gid[PORT_GID_BYTES]);

#endif
