// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* vfio_version.c - the first message: versions and limits of both ends */
#include "bus/vfio_messages.h"
#include "bus/vfio_request.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

struct version {
	uint16_t major, minor;
};

/*
 * The limit of that name; @preset if the client gives none, -1 if it is no such number.
 */
static int64_t limit(struct json_object *capabilities, const char *name, int64_t preset)
{
	struct json_object *value;

	if (!json_object_object_get_ex(capabilities, name, &value))
		return preset;
	if (!json_object_is_type(value, json_type_int))
		return -1;
	return json_object_get_int64(value);
}

/* An object with a member of which all are optional, as specified. */
static int take_limits(struct vfio_user *client, struct json_object *root)
{
	struct json_object *capabilities;
	int64_t fds, data;

	if (!json_object_is_type(root, json_type_object))
		return -EINVAL;
	if (!json_object_object_get_ex(root, "capabilities", &capabilities)) {
		client->max_data = VFIO_USER_MAX_DATA;
		return 0;
	}
	if (!json_object_is_type(capabilities, json_type_object))
		return -EINVAL;
	fds = limit(capabilities, "max_msg_fds", 0); /* an answer brings none */
	data = limit(capabilities, "max_data_xfer_size", VFIO_USER_MAX_DATA);
	if (fds < 0 || data <= 0)
		return -EINVAL;
	client->max_data = data < VFIO_USER_MAX_DATA ? (uint32_t)data :
						       VFIO_USER_MAX_DATA;
	return 0;
}

/* NULL unless all of the text up to its final NUL is one JSON value. */
static struct json_object *parse_all(const char *text, size_t len)
{
	struct json_tokener *tokener;
	struct json_object *root;

	if (strnlen(text, len) != len - 1)
		return NULL;
	tokener = json_tokener_new();
	if (!tokener)
		return NULL;
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	root = json_tokener_parse_ex(tokener, text, (int)len);
	json_tokener_free(tokener);
	return root;
}

/* The text of the message; without one there are no limits but ours. */
static int parse(struct vfio_user *client, const char *text, size_t len)
{
	struct json_object *root;
	int ret;

	if (!len) {
		client->max_data = VFIO_USER_MAX_DATA;
		return 0;
	}
	root = parse_all(text, len);
	ret = take_limits(client, root);
	json_object_put(root);
	return ret;
}

int vfio_version(struct vfio_user *client, struct vfio_request *m)
{
	struct version v;
	char text[128];
	int ret;

	if (!request_take(m, &v, sizeof(v)))
		return -EINVAL;
	if (v.major)
		return -ENOTSUP;
	ret = parse(client, (const char *)m->in + sizeof(v), m->in_len - sizeof(v));
	if (ret)
		return ret;
	request_give(m, &(struct version){ 0, 0 }, sizeof(v));
	ret = snprintf(text, sizeof(text),
		       "{\"capabilities\":{\"max_msg_fds\":%d,\"max_data_xfer_size\":%u,"
		       "\"write_multiple\":true}}",
		       FD_QUEUE_MESSAGE, VFIO_USER_MAX_DATA);
	request_give(m, text, (size_t)ret + 1);
	return 0;
}
