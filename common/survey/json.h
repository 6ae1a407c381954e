/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* json.h - parts of a survey as JSON; for json*.c only */
#ifndef ODPLAB_SURVEY_JSON_H
#define ODPLAB_SURVEY_JSON_H

#include "base/json.h"
#include "survey/survey.h"

/* A limit of UINT64_MAX is none: null. */
static inline void json_add_limit(struct json_object *object, const char *key,
				  uint64_t limit)
{
	if (limit == UINT64_MAX)
		json_add_null(object, key);
	else
		json_add_number(object, key, limit);
}

/* Both add the members of an object that is there. */
void survey_json_device(struct json_object *to, const struct survey_device *device);
void survey_json_path(struct json_object *to, const struct path_info *path);

#endif
