// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* utf8.c - text from outside, made fit for files that must be UTF-8 */
#include "base/utf8.h"

#include "base/util.h"

/* The well-formed characters (Unicode 3.9, table 3-7): first, second byte, bytes. */
static const struct {
	unsigned char first, last, second_first, second_last;
	size_t bytes;
} forms[] = {
	{ 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
	{ 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 },
	{ 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 },
	{ 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

/* How many bytes the character at @text has; 0: it is none. */
static size_t character(const unsigned char *text, size_t len)
{
	if (text[0] < 0x80)
		return 1;
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		if (text[0] < forms[i].first || text[0] > forms[i].last)
			continue;
		if (len < forms[i].bytes || text[1] < forms[i].second_first ||
		    text[1] > forms[i].second_last)
			return 0;
		for (size_t k = 2; k < forms[i].bytes; k++)
			if ((text[k] & 0xc0) != 0x80)
				return 0;
		return forms[i].bytes;
	}
	return 0;
}

void utf8_repair(char *text, size_t len)
{
	while (len) {
		size_t n = character((const unsigned char *)text, len);

		if (!n) {
			*text = '?';
			n = 1;
		}
		text += n;
		len -= n;
	}
}
