/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* bus_error.h - SIGBUS in a scenario's process */
#ifndef ODPLAB_TESTCASE_BUS_ERROR_H
#define ODPLAB_TESTCASE_BUS_ERROR_H

struct test;

/*
 * From now on SIGBUS ends the scenario with ERROR where a filesystem of its targets is
 * full (env/bus_error.h). Otherwise it does what it did before. For one test in a
 * process.
 */
void test_judge_bus_errors(struct test *t);

#endif
