/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * schema.h - the schemas of results, for what writes and what reads them:
 * docs/{run,perf}.schema.json
 *
 * A version rises where a reader of the one before would go wrong.
 */
#ifndef ODPLAB_BASE_SCHEMA_H
#define ODPLAB_BASE_SCHEMA_H

#define RUN_SCHEMA	    "odplab-run"
#define RUN_SCHEMA_VERSION  5
#define PERF_SCHEMA	    "odplab-perf"
#define PERF_SCHEMA_VERSION 3

#endif
