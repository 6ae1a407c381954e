// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* host.c - what a side does to its host: filesystem, limits, device, kernel memory */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "asked_side.h"
#include "base/file.h"
#include "base/util.h"
#include "called.h"
#include "evidence/nldev.h"
#include "storage/filesystem.h"
#include "storage/fs_fill.h"
#include "storage/mount.h"
#include "storage/nvdimm_unbind.h"

static struct local_target *target;

/* ---- the host ---- */

static struct {
	int filler, mount_error, read_only_error, writable_error, kib_error;
	bool has_capability;
	unsigned int capsets, capset_error, capget_error;
	uint32_t effective;
	struct rlimit limit;
	const char *missing; /* the key that no file has */
} host;

int __wrap_fs_fill(const char *directory);
int __wrap_fs_fill(const char *directory)
{
	snprintf(called.text, sizeof(called.text), "fs_fill %s", directory);
	return host.filler;
}

int __wrap_mount_of(int fd, struct mount *mount);
int __wrap_mount_of(int fd, struct mount *mount)
{
	assert_int_equal(fd, target->region.fd);
	snprintf(mount->point, sizeof(mount->point), "/mnt/it");
	return host.mount_error;
}

int __wrap_umount2(const char *point, int flags);
int __wrap_umount2(const char *point, int flags)
{
	errno = EBUSY;
	CALLED("umount2 %s %d", point, flags);
}

int __wrap_mount(const char *source, const char *point, const char *type,
		 unsigned long flags, const void *data);
int __wrap_mount(const char *source, const char *point, const char *type,
		 unsigned long flags, const void *data)
{
	size_t used = strlen(called.text);
	bool refused = flags & MS_RDONLY ? host.read_only_error : host.writable_error;

	assert_null(source);
	assert_null(type);
	assert_null(data);
	snprintf(called.text + used, sizeof(called.text) - used, "%s %lx\n", point,
		 flags);
	errno = flags & MS_RDONLY ? host.read_only_error : host.writable_error;
	return refused ? -1 : 0;
}

int __wrap_filesystem_shut_down(int fd, enum shutdown_how how);
int __wrap_filesystem_shut_down(int fd, enum shutdown_how how)
{
	CALLED("filesystem_shut_down %d %u", fd == target->region.fd, (unsigned int)how);
}

int __wrap_freeze_begin(struct freeze *freeze, int fd, uint64_t ns);
int __wrap_freeze_begin(struct freeze *freeze, int fd, uint64_t ns)
{
	assert_ptr_equal(freeze, &side->freeze);
	CALLED("freeze_begin %d %" PRIu64, fd == target->region.fd, ns);
}

int __wrap_nvdimm_unbind(int fd);
int __wrap_nvdimm_unbind(int fd)
{
	CALLED("nvdimm_unbind %d", fd == target->region.fd);
}

int __wrap_nldev_delete(const char *device);
int __wrap_nldev_delete(const char *device)
{
	CALLED("nldev_delete %s", device);
}

char *__wrap_realpath(const char *path, char *resolved);
char *__wrap_realpath(const char *path, char *resolved)
{
	assert_string_equal(path, "/sys/class/infiniband/mlx5_0/device");
	errno = ENOENT;
	return called.ret == 1 ? NULL : strcpy(resolved, "/sys/devices/pci/0000:00:05.0");
}

int __wrap_file_write(const char *path, const char *text);
int __wrap_file_write(const char *path, const char *text)
{
	CALLED("%s: %s", path, text);
}

int __wrap_file_read_kib(const char *path, const char *key, uint64_t *bytes);
int __wrap_file_read_kib(const char *path, const char *key, uint64_t *bytes)
{
	size_t used = strlen(called.text);

	snprintf(called.text + used, sizeof(called.text) - used, "%s %s\n", path, key);
	*bytes = used ? 4000 : 300;
	return host.missing && !strcmp(host.missing, key) ? host.kib_error : 0;
}

int __wrap_setrlimit64(int resource, const struct rlimit *limit);
int __wrap_setrlimit64(int resource, const struct rlimit *limit)
{
	assert_int_equal(resource, RLIMIT_MEMLOCK);
	host.limit = *limit;
	errno = EPERM;
	return called.ret;
}

#define OTHER_CAPABILITY CAP_TO_MASK(CAP_SYS_ADMIN)

static long get_capabilities(struct __user_cap_data_struct *data)
{
	errno = EINVAL;
	data[0].effective = OTHER_CAPABILITY;
	if (host.has_capability)
		data[0].effective |= CAP_TO_MASK(CAP_IPC_LOCK);
	data[0].permitted = data[0].effective;
	return host.capget_error ? -1 : 0;
}

long __wrap_syscall(long number, const struct __user_cap_header_struct *header,
		    struct __user_cap_data_struct *data);
long __wrap_syscall(long number, const struct __user_cap_header_struct *header,
		    struct __user_cap_data_struct *data)
{
	assert_int_equal(header->version, _LINUX_CAPABILITY_VERSION_3);
	assert_int_equal(header->pid, 0);
	assert_int_equal(loopback.devices, 0);
	if (number == SYS_capget)
		return get_capabilities(data);
	assert_int_equal(number, SYS_capset);
	host.capsets++;
	host.effective = data[0].effective;
	assert_int_equal(data[0].permitted, OTHER_CAPABILITY | CAP_TO_MASK(CAP_IPC_LOCK));
	errno = EPERM;
	return host.capset_error ? -1 : 0;
}

static int setup(void **state)
{
	loopback_reset(state);
	memset(&host, 0, sizeof(host));
	memset(&called, 0, sizeof(called));
	side = loopback_side(INITIATOR);
	target = loopback_target(side, KiB(4));
	request = (struct side_request){ 0 };
	return 0;
}

/* ---- the filesystem ---- */

static void filesystem__filled_and_freed(void **state)
{
	int fd = memfd_create("filler", MFD_CLOEXEC);

	loopback_env.place[REGION_ANON] = "/mnt/here";
	assert_int_equal(ask(SIDE_FILESYSTEM_FREE), -EBADF);
	host.filler = -EFBIG;
	assert_int_equal(ask(SIDE_FILESYSTEM_FILL), -EFBIG);
	assert_string_equal(called.text, "fs_fill /mnt/here");
	host.filler = fd;
	assert_int_equal(ask(SIDE_FILESYSTEM_FILL), 0);
	assert_int_equal(ask(SIDE_FILESYSTEM_FILL), -EBUSY);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	assert_int_equal(ask(SIDE_FILESYSTEM_FREE), 0);
	assert_int_equal(fcntl(fd, F_GETFD), -1);
	loopback_env.place[REGION_ANON] = NULL;
	host.filler = INT_MAX; /* which is no open file */
	assert_int_equal(ask(SIDE_FILESYSTEM_FILL), 0);
	assert_string_equal(called.text, "fs_fill ");
	assert_int_equal(ask(SIDE_FILESYSTEM_FREE), -EBADF);
}

/* A descriptor may be any, also that of a program's closed input. */
static void filesystem__filled_by_descriptor_0(void **state)
{
	int input = dup(0), fd = memfd_create("filler", MFD_CLOEXEC);

	if (fd) { /* the input is not closed already */
		assert_int_equal(dup2(fd, 0), 0);
		close(fd);
	}
	host.filler = 0;
	assert_int_equal(ask(SIDE_FILESYSTEM_FILL), 0);
	assert_int_equal(ask(SIDE_FILESYSTEM_FILL), -EBUSY);
	assert_int_equal(ask(SIDE_FILESYSTEM_FREE), 0);
	assert_int_equal(fcntl(0, F_GETFD), -1);
	if (input >= 0) {
		assert_int_equal(dup2(input, 0), 0);
		close(input);
	}
}

static void filesystem__unmounted(void **state)
{
	assert_int_equal(ask(SIDE_FILESYSTEM_UNMOUNT), 0);
	assert_string_equal(called.text, "umount2 /mnt/it 0");
	request.flag = true;
	assert_int_equal(ask(SIDE_FILESYSTEM_UNMOUNT), 0);
	assert_string_equal(called.text, "umount2 /mnt/it 2"); /* MNT_DETACH */
	called.ret = -1;
	assert_int_equal(ask(SIDE_FILESYSTEM_UNMOUNT), -EBUSY);
	host.mount_error = -ENOENT;
	called.text[0] = '\0';
	assert_int_equal(ask(SIDE_FILESYSTEM_UNMOUNT), -ENOENT);
	assert_string_equal(called.text, "");
}

/* What is not refused is undone. */
static void filesystem__made_read_only(void **state)
{
	assert_int_equal(ask(SIDE_FILESYSTEM_REMOUNT), 0);
	assert_int_equal(reply.number, 0);
	assert_string_equal(called.text, "/mnt/it 21\n/mnt/it 20\n"); /* MS_REMOUNT */
	host.writable_error = EROFS;
	assert_int_equal(ask(SIDE_FILESYSTEM_REMOUNT), -EROFS);
	assert_non_null(strstr(loopback_log(), "make /mnt/it writable again"));
	host.read_only_error = EBUSY;
	called.text[0] = '\0';
	request.flag = true;
	assert_int_equal(ask(SIDE_FILESYSTEM_REMOUNT), 0);
	assert_int_equal(reply.number, EBUSY);
	assert_string_equal(called.text, "/mnt/it 1021\n"); /* MS_BIND */
	host.mount_error = -ENOENT;
	assert_int_equal(ask(SIDE_FILESYSTEM_REMOUNT), -ENOENT);
}

static void filesystem__shut_down(void **state)
{
	request.argument = SHUTDOWN_LOGGED;
	assert_int_equal(ask(SIDE_FILESYSTEM_SHUT_DOWN), 0);
	assert_int_equal(reply.number, 0);
	assert_string_equal(called.text, "filesystem_shut_down 1 1");
	called.ret = -EPERM;
	assert_int_equal(ask(SIDE_FILESYSTEM_SHUT_DOWN), 0);
	assert_int_equal(reply.number, EPERM);
}

static void filesystem__frozen(void **state)
{
	request.argument = 7;
	assert_int_equal(ask(SIDE_FILESYSTEM_FREEZE), 0);
	assert_string_equal(called.text, "freeze_begin 1 7000000");
	called.ret = -EOPNOTSUPP;
	assert_int_equal(ask(SIDE_FILESYSTEM_FREEZE), -EOPNOTSUPP);
	assert_int_equal(ask(SIDE_FILESYSTEM_THAWED), 0);
	assert_int_equal(reply.number, 0);
}

static void nvdimm__unbound(void **state)
{
	called.ret = -EPERM;
	assert_int_equal(ask(SIDE_NVDIMM_UNBIND), -EPERM);
	assert_string_equal(called.text, "nvdimm_unbind 1");
}

/* ---- the device ---- */

static void device__unbound_from_its_driver(void **state)
{
	strcpy(loopback_env.device.name, "mlx5_0");
	strcpy(loopback_env.device.driver, "mlx5");
	assert_int_equal(ask(SIDE_REMOVE_DEVICE), 0);
	assert_string_equal(called.text,
			    "/sys/devices/pci/0000:00:05.0/driver/unbind: 0000:00:05.0");
	called.ret = -EACCES;
	assert_int_equal(ask(SIDE_REMOVE_DEVICE), -EACCES);
	assert_non_null(strstr(loopback_log(), "/driver/unbind: Permission denied"));
	called.ret = 1;
	assert_int_equal(ask(SIDE_REMOVE_DEVICE), -ENOENT);
	assert_non_null(strstr(loopback_log(), "/sys/class/infiniband/mlx5_0/device"));
}

/* Soft-RoCE sits on a network device, whose driver is another's. */
static void device__deleted_where_it_is_software(void **state)
{
	strcpy(loopback_env.device.name, "rxe0");
	strcpy(loopback_env.device.driver, "rxe");
	called.ret = -EPERM;
	assert_int_equal(ask(SIDE_REMOVE_DEVICE), -EPERM);
	assert_string_equal(called.text, "nldev_delete rxe0");
}

/* ---- limits ---- */

/* The device is opened again with the new credentials; all targets are gone. */
static void ipc_lock__is_dropped(void **state)
{
	host.has_capability = true;
	assert_int_equal(ask(SIDE_DROP_IPC_LOCK), 0);
	assert_int_equal(host.capsets, 1);
	assert_int_equal(host.effective, OTHER_CAPABILITY);
	assert_int_equal(loopback.devices, 1);
	assert_null(local_target(side, 0));
	host.has_capability = false;
	assert_int_equal(ask(SIDE_DROP_IPC_LOCK), 0);
	assert_int_equal(host.capsets, 1);
	loopback.refuse = "device_open";
	loopback.error = EMFILE;
	assert_int_equal(ask(SIDE_DROP_IPC_LOCK), -EMFILE);
}

static void ipc_lock__cannot_be_dropped(void **state)
{
	host.has_capability = true;
	host.capset_error = 1;
	assert_int_equal(ask(SIDE_DROP_IPC_LOCK), -EPERM);
	assert_non_null(strstr(loopback_log(), "capset"));
	host.capget_error = 1;
	assert_int_equal(ask(SIDE_DROP_IPC_LOCK), -EINVAL);
	assert_non_null(strstr(loopback_log(), "capget"));
}

static void memlock__limited(void **state)
{
	request.len = KiB(64);
	assert_int_equal(ask(SIDE_LIMIT_MEMLOCK), 0);
	assert_int_equal(host.limit.rlim_cur, KiB(64));
	assert_int_equal(host.limit.rlim_max, KiB(64));
	called.ret = -1;
	assert_int_equal(ask(SIDE_LIMIT_MEMLOCK), -EPERM);
	assert_non_null(strstr(loopback_log(), "RLIMIT_MEMLOCK"));
}

/* Kernels without a counter of pinned pages have no such line: that is no error. */
static void pinned__and_locked(void **state)
{
	assert_int_equal(ask(SIDE_PINNED), 0);
	assert_string_equal(called.text,
			    "/proc/self/status VmLck\n/proc/self/status VmPin\n");
	assert_int_equal(reply.number, 4300);
	host.missing = "VmPin";
	host.kib_error = -ENODATA;
	called.text[0] = '\0';
	assert_int_equal(ask(SIDE_PINNED), 0);
	assert_int_equal(reply.number, 300);
	host.kib_error = -EIO;
	assert_int_equal(ask(SIDE_PINNED), -EIO);
	assert_non_null(strstr(loopback_log(), "/proc/self/status"));
}

static void kernel__its_own_memory(void **state)
{
	assert_int_equal(ask(SIDE_KERNEL_MEMORY), 0);
	assert_string_equal(called.text,
			    "/proc/meminfo VmallocUsed\n/proc/meminfo SUnreclaim\n");
	assert_int_equal(reply.number, 4300);
	host.missing = "SUnreclaim";
	host.kib_error = -ENODATA;
	assert_int_equal(ask(SIDE_KERNEL_MEMORY), -ENODATA);
	assert_non_null(strstr(loopback_log(), "SUnreclaim in /proc/meminfo"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static const struct CMUnitTest tests[] = {
	TEST(filesystem__filled_and_freed),
	TEST(filesystem__filled_by_descriptor_0),
	TEST(filesystem__unmounted),
	TEST(filesystem__made_read_only),
	TEST(filesystem__shut_down),
	TEST(filesystem__frozen),
	TEST(nvdimm__unbound),
	TEST(device__unbound_from_its_driver),
	TEST(device__deleted_where_it_is_software),
	TEST(ipc_lock__is_dropped),
	TEST(ipc_lock__cannot_be_dropped),
	TEST(memlock__limited),
	TEST(pinned__and_locked),
	TEST(kernel__its_own_memory),
};

int main(void)
{
	return cmocka_run_group_tests_name("host", tests, NULL, NULL);
}
