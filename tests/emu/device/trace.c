// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * trace.c - the trace: each line is a JSON object, times never fall, faults can be
 * followed
 */
#include "device/trace.h"
#include "cmocka_all.h"
#include "injected_pair.h"

#include "base/clock.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct json_object *field_of(struct json_object *line, const char *name)
{
	struct json_object *value;

	assert_true(json_object_object_get_ex(line, name, &value));
	return value;
}

/* How many lines have @event; each must be whole, and none older than the one before. */
static unsigned int count(const char *path, const char *event)
{
	FILE *file = fopen(path, "re");
	char text[1024];
	int64_t before = 0;
	unsigned int n = 0;

	assert_non_null(file);
	while (fgets(text, sizeof(text), file)) {
		struct json_object *line = json_tokener_parse(text);
		int64_t now;

		assert_non_null(line);
		assert_int_equal(text[strlen(text) - 1], '\n');
		now = json_object_get_int64(field_of(line, "t"));
		assert_true(now >= before);
		before = now;
		n += !strcmp(json_object_get_string(field_of(line, "event")), event);
		json_object_put(line);
	}
	fclose(file);
	return n;
}

/* One write over two regions of which the remote one is not mapped yet */
static void trace__of_a_fault(void **state)
{
	static const struct {
		const char *event;
		unsigned int n;
	} rows[] = { { "work", 2 },   { "fault", 1 },	   { "update", 1 },
		     { "resume", 1 }, { "completion", 2 }, { "injection", 1 },
		     { "command", 1 } };
	char path[] = "/tmp/emu-trace-XXXXXX";
	int fd = mkstemp(path);
	struct qp_pair *l = injected_pair_new("byte-count", MTT_READ | MTT_WRITE, 0);

	assert_true(fd >= 0);
	close(fd);
	l->g->dev->config.trace = trace_open(path);
	assert_non_null(l->g->dev->config.trace);
	qp_pair_post(l, OPCODE_READ, 0, 64);
	qp_pair_resolve(l, l->rkey, l->remote);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(trace_close(l->g->dev->config.trace), 0);
	l->g->dev->config.trace = NULL;
	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(count(path, rows[i].event), rows[i].n);
	unlink(path);
	injected_pair_free(l);
}

/* The object of the trace's last line, which must be about a command */
static uint32_t last_object(struct guest *g, const char *path)
{
	struct json_object *line;
	uint32_t object;
	FILE *file = fopen(path, "re");
	char text[1024];

	assert_non_null(file);
	trace_flush(g->dev->config.trace);
	while (fgets(text, sizeof(text), file))
		;
	fclose(file);
	line = json_tokener_parse(text);
	assert_string_equal(json_object_get_string(field_of(line, "event")), "command");
	object = (uint32_t)json_object_get_int64(field_of(line, "object"));
	json_object_put(line);
	return object;
}

/* A command names the object that it is about, which a query and an end do, too. */
static void trace__names_objects(void **state)
{
	static const struct {
		uint16_t opcode;
		const struct field *field;
	} rows[] = { { COMMAND_QUERY_EQ, &query_eq_in_eq_number },
		     { COMMAND_DESTROY_EQ, &destroy_eq_in_eq_number } };
	char path[] = "/tmp/emu-trace-XXXXXX";
	int fd = mkstemp(path);
	struct guest *g = guest_new(SCHEME_MEMORY);
	uint8_t in[272 + 8] = { 0 }, out[272] = { 0 };
	uint32_t number;

	assert_true(fd >= 0);
	close(fd);
	g->dev->config.trace = trace_open(path);
	assert_non_null(g->dev->config.trace);
	store_be32(in, COMMAND_CREATE_EQ << 16);
	store_be64(block(in, create_eq_in_pas), guest_alloc(g, PAGE));
	assert_int_equal(guest_command(g, in, sizeof(in), out, 16), STATUS_OK);
	number = (uint32_t)field_get(out, create_eq_out_eq_number);
	assert_int_equal(last_object(g, path), number);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		memset(in, 0, sizeof(in));
		store_be32(in, (uint32_t)rows[i].opcode << 16);
		field_set(in, *rows[i].field, number);
		assert_int_equal(guest_command(g, in, 16, out, sizeof(out)), STATUS_OK);
		assert_int_equal(last_object(g, path), number);
	}
	/* of a register that is unknown, its number */
	memset(in, 0, sizeof(in));
	store_be32(in, COMMAND_ACCESS_REG << 16);
	field_set(in, access_register_in_register_id, 0x1234);
	assert_int_equal(guest_command(g, in, 16, out, 16), STATUS_BAD_PARAM);
	assert_int_equal(last_object(g, path), 0x1234);
	assert_int_equal(trace_close(g->dev->config.trace), 0);
	g->dev->config.trace = NULL;
	unlink(path);
	guest_free(g);
}

/*
 * Times count from the opening, and a flushed line can be read while the trace is open.
 */
static void trace__flushed(void **state)
{
	char path[] = "/tmp/emu-trace-XXXXXX", text[128] = "";
	int fd = mkstemp(path);
	struct trace *trace = trace_open(path);
	uint64_t opened = clock_ns();
	struct json_object *line;

	assert_non_null(trace);
	trace_line(trace, "work", "\"qpn\":%u", 7u);
	trace_flush(trace);
	assert_true(read(fd, text, sizeof(text) - 1) > 0);
	line = json_tokener_parse(text);
	assert_int_equal(json_object_get_int(field_of(line, "qpn")), 7);
	assert_true((uint64_t)json_object_get_int64(field_of(line, "t")) < opened);
	json_object_put(line);
	assert_int_equal(trace_close(trace), 0);
	close(fd);
	unlink(path);
}

static void trace__not_writable(void **state)
{
	struct trace *trace;

	assert_null(trace_open("/nowhere/trace"));
	trace = trace_open("/dev/full");
	assert_non_null(trace);
	trace_line(trace, "work", "\"qpn\":%u", 1u);
	assert_int_equal(trace_close(trace), -ENOSPC);
	/* also what could not be written before */
	trace = trace_open("/dev/full");
	assert_non_null(trace);
	trace_line(trace, "work", "\"qpn\":%u", 1u);
	trace_flush(trace);
	assert_int_equal(trace_close(trace), -EIO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trace__of_a_fault),
		cmocka_unit_test(trace__names_objects),
		cmocka_unit_test(trace__flushed),
		cmocka_unit_test(trace__not_writable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
