/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * bus_error.h - SIGBUS in a scenario's process: is a filesystem full?
 *
 * The kernel sends it where the CPU touches a page for which the filesystem has no block. Whether it
 * is full is asked in the handler, while the process still holds what it had: once it is dead its
 * unnamed files are gone, and their blocks are free.
 */
#ifndef ODPLAB_TESTCASE_BUS_ERROR_H
#define ODPLAB_TESTCASE_BUS_ERROR_H

struct test;

/*
 * From now on SIGBUS ends the scenario with ERROR where a filesystem of its targets is full.
 * Otherwise it does what it did before. For one test in a process.
 */
void bus_errors_judge(struct test *t);

#endif
