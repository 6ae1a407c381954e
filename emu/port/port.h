/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* port.h - the one port: InfiniBand, always up, connected to itself */
#ifndef ODPLAB_EMU_PORT_H
#define ODPLAB_EMU_PORT_H

#include <stdbool.h>
#include <stdint.h>

struct device;

#define PORT_LID       1
#define PORT_PKEY      0xffff /* the only one: full membership of the default partition */
#define PORT_GID_BYTES 16

void port_gid(uint8_t gid[PORT_GID_BYTES]);

/* Its MTU in bytes, a power of two */
uint64_t port_mtu(struct device *dev);

/*
 * Whether an address vector has a global route: those of the short form have no room for
 * one.
 */
bool port_vector_has_route(const uint8_t *vector);

/* Whether an address vector (struct mlx5_wqe_av) leads to this port. */
bool port_reached_by(const uint8_t *vector);
bool port_has_gid(const uint8_t gid[PORT_GID_BYTES]);

#endif
