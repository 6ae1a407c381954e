// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * sample_info.c - an inventory with every kind of device and place
 *
 * Prints it as odp_info --json does, for the test of docs/info.schema.json.
 */
#include <errno.h>
#include <stdio.h>

#include "sample_survey.h"

static void print(const struct survey *survey)
{
	struct json_object *object = survey_to_json(survey);

	printf("%s\n", json_object_to_json_string(object));
	json_object_put(object);
}

int main(void)
{
	struct survey_device devices[3];
	struct path_info paths[4];
	struct sample s;

	sample_init(&s);
	/* the second gives all that may be null, the third cannot be opened */
	devices[0] = devices[1] = s.device;
	devices[1].facts.board[0] = '\0';
	devices[1].facts.caps = (struct odp_caps){ 0 };
	devices[1].facts.max_mr_bytes = GiB(1);
	devices[1].device_probe.pinned = -EPERM;
	devices[2] = (struct survey_device){ .facts.name = "mlx5_8", .error = -EACCES };
	s.survey.devices = devices;
	s.survey.n_devices = ARRAY_SIZE(devices);

	paths[0] = s.mount;
	paths[0].kind = PATH_FILE;
	paths[0].extents = (struct extents){ .known = true, .seen = 3, .huge = 1 };
	paths[1] = (struct path_info){ .name = "/f", .kind = PATH_FILE };
	paths[2] = (struct path_info){ .name = "/dev/vda", .kind = PATH_BLOCK_DEVICE };
	paths[3] = (struct path_info){ .name = "/fifo", .kind = PATH_OTHER };
	s.survey.paths = paths;
	s.survey.n_paths = ARRAY_SIZE(paths);
	print(&s.survey);
	return 0;
}
