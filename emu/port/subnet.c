// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * subnet.c - the subnet administration, as far as connections need it
 *
 * Datagrams are those of the InfiniBand Architecture Specification, volume 1: the header
 * of 13.4.2, the administration's of 15.2.1.1, path records of 15.2.5.16.
 */
#include "port/subnet.h"

#include "device/layout.h"
#include "port/port.h"

#include <string.h>

#define CLASS_ADMINISTRATION 3
#define METHOD_GET	     0x01
#define RESPONSE	     0x80 /* in the method */
#define ATTRIBUTE_PATH	     0x35
#define STATUS_UNSUPPORTED   0x000c /* method and attribute do not go together */
#define STATUS_NO_RECORDS    0x0300

/* Bytes into the datagram */
enum { AT_CLASS = 1, AT_METHOD = 3, AT_STATUS = 4, AT_ATTRIBUTE = 16, AT_RECORD = 56 };

/* Bytes into a path record */
enum {
	AT_DGID = 8,
	AT_SGID = 24,
	AT_DLID = 40,
	AT_SLID = 42,
	AT_REVERSIBLE = 49, /* and how many paths */
	AT_PKEY = 50,
	AT_MTU = 54, /* with a selector in the upper two bits, as the next two */
	AT_RATE = 55,
	AT_LIFETIME = 56,
};

#define EXACTLY	      (2u << 6)
#define RATE_100_GBPS 16
#define LIFETIME      12 /* 4.096 us times 2^12 */
#define REVERSIBLE    0x80

static void store_be16(uint8_t *to, unsigned int value)
{
	to[0] = (uint8_t)(value >> 8);
	to[1] = (uint8_t)value;
}

bool subnet_asked(const uint8_t mad[SUBNET_MAD_BYTES])
{
	return mad[AT_CLASS] == CLASS_ADMINISTRATION && !(mad[AT_METHOD] & RESPONSE);
}

/* 1 for 256 bytes, and one more for each power of two above */
static uint8_t mtu_code(uint64_t mtu)
{
	uint8_t code = 1;

	for (; mtu > 256; mtu /= 2)
		code++;
	return code;
}

/* From this port to this port; what the question left open is filled in. */
static unsigned int answer_path(struct device *dev, uint8_t *record)
{
	if (!port_has_gid(record + AT_DGID))
		return STATUS_NO_RECORDS;
	port_gid(record + AT_SGID);
	store_be16(record + AT_DLID, PORT_LID);
	store_be16(record + AT_SLID, PORT_LID);
	store_be16(record + AT_PKEY, PORT_PKEY);
	record[AT_REVERSIBLE] = REVERSIBLE | 1;
	record[AT_MTU] = EXACTLY | mtu_code(port_mtu(dev));
	record[AT_RATE] = EXACTLY | RATE_100_GBPS;
	record[AT_LIFETIME] = EXACTLY | LIFETIME;
	return 0;
}

void subnet_answer(struct device *dev, uint8_t mad[SUBNET_MAD_BYTES])
{
	unsigned int attribute = load_be32(mad + AT_ATTRIBUTE) >> 16;
	unsigned int status = STATUS_UNSUPPORTED;

	if (mad[AT_METHOD] == METHOD_GET && attribute == ATTRIBUTE_PATH)
		status = answer_path(dev, mad + AT_RECORD);
	mad[AT_METHOD] |= RESPONSE;
	store_be16(mad + AT_STATUS, status);
}
