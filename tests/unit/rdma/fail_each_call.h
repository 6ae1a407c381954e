/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * fail_each_call.h - each call of the mocked library fails in turn; include it after
 * cmocka.h
 */
#ifndef ODPLAB_TESTS_FAIL_EACH_CALL_H
#define ODPLAB_TESTS_FAIL_EACH_CALL_H

#include <errno.h>
#include <string.h>

#include "capture.h"
#include "mock_verbs.h"

/*
 * Lets each call of the library fail in turn, until @run has none left: it must return
 * the error after one line (none where @quiet), and leave as many objects open as it
 * found. @least: so many calls there must be.
 */
static inline void fail_each_call(int (*run)(void *data), void *data, bool quiet,
				  unsigned int least)
{
	int before = mock.open;

	for (unsigned int n = 1;; n++) {
		struct capture c;
		char text[512];
		int ret;

		mock.calls = 0;
		mock.fail_at = n;
		mock.error = n % 2 ? ENOMEM : EACCES;
		c = capture_start(stderr);
		ret = run(data);
		capture_end(&c, text, sizeof(text));
		if (mock.open != before)
			fail_msg("call %u failed: %d objects are left", n,
				 mock.open - before);
		if (mock.calls < n) {
			assert_int_equal(ret, 0);
			assert_true(n > least);
			break;
		}
		if (ret != -mock.error)
			fail_msg("call %u failed with %d, returned %d", n, mock.error,
				 ret);
		if (quiet ? text[0] : strchr(text, '\n') != text + strlen(text) - 1)
			fail_msg("call %u failed, logged: %s", n, text);
	}
	mock.fail_at = 0;
}

#endif
