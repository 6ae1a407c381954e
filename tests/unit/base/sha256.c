// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* sha256.c - the examples of FIPS 180-4, and lengths around those of a block */
#include "base/sha256.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/util.h"

static void digest__of_known_text(void **state)
{
	static const struct {
		const char *text, *digest;
	} rows[] = {
		{ "",
		  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
		{ "abc",
		  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char text[SHA256_TEXT];
		struct sha256 sha;

		sha256_begin(&sha);
		sha256_add(&sha, rows[i].text, strlen(rows[i].text));
		sha256_end(&sha, text);
		assert_string_equal(text, rows[i].digest);
	}
}

static void digest__of_many_blocks(void **state)
{
	char text[SHA256_TEXT], piece[1000];
	struct sha256 sha;

	memset(piece, 'a', sizeof(piece));
	sha256_begin(&sha);
	for (unsigned int i = 0; i < 1000; i++)
		sha256_add(&sha, piece, sizeof(piece));
	sha256_end(&sha, text);
	assert_string_equal(
		text, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* The pieces in which it comes make no difference, wherever a block ends. */
static void digest__whatever_the_pieces(void **state)
{
	unsigned char data[200];

	memset(data, 0x5a, sizeof(data));
	for (size_t len = 0; len <= sizeof(data); len++) {
		char whole[SHA256_TEXT], pieces[SHA256_TEXT];
		struct sha256 sha;

		sha256_begin(&sha);
		sha256_add(&sha, data, len);
		sha256_end(&sha, whole);
		sha256_begin(&sha);
		for (size_t i = 0; i < len; i++)
			sha256_add(&sha, &data[i], 1);
		sha256_end(&sha, pieces);
		assert_string_equal(whole, pieces);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(digest__of_known_text),
	cmocka_unit_test(digest__of_many_blocks),
	cmocka_unit_test(digest__whatever_the_pieces),
};

int main(void)
{
	return cmocka_run_group_tests_name("sha256", tests, NULL, NULL);
}
