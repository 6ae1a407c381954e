/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* json.h - helpers that build JSON objects with json-c */
#ifndef ODPLAB_BASE_JSON_H
#define ODPLAB_BASE_JSON_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

/* NULL becomes null. */
static inline void json_add_text(struct json_object *object, const char *key,
				 const char *text)
{
	json_object_object_add(object, key, text ? json_object_new_string(text) : NULL);
}

static inline void json_add_number(struct json_object *object, const char *key,
				   uint64_t number)
{
	json_object_object_add(object, key, json_object_new_uint64(number));
}

static inline void json_add_flag(struct json_object *object, const char *key, bool flag)
{
	json_object_object_add(object, key, json_object_new_boolean(flag));
}

static inline void json_add_null(struct json_object *object, const char *key)
{
	json_object_object_add(object, key, NULL);
}

/* An array of the words, which end with NULL. */
static inline struct json_object *json_from_words(char *const *words)
{
	struct json_object *array = json_object_new_array();

	for (; *words; words++)
		json_object_array_add(array, json_object_new_string(*words));
	return array;
}

/* A new object, or a new array, as a member; the outer object owns it. */
static inline struct json_object *json_add_object(struct json_object *object,
						  const char *key)
{
	struct json_object *member = json_object_new_object();

	json_object_object_add(object, key, member);
	return member;
}

static inline struct json_object *json_add_array(struct json_object *object,
						 const char *key)
{
	struct json_object *member = json_object_new_array();

	json_object_object_add(object, key, member);
	return member;
}

/* A new object at the end of an array, which owns it. */
static inline struct json_object *json_append_object(struct json_object *array)
{
	struct json_object *item = json_object_new_object();

	json_object_array_add(array, item);
	return item;
}

#endif
