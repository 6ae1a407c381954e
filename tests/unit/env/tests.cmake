# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
unit_test(env patience)
target_link_options(test-env-patience PRIVATE -Wl,--wrap=pace_work_ns)
unit_test(env needs fake-side)
target_link_options(test-env-needs PRIVATE -Wl,--wrap=geteuid,--wrap=fs_fillable)
unit_test(env capability)
target_link_options(test-env-capability PRIVATE -Wl,--wrap=geteuid)
unit_test(env room)
target_link_options(test-env-room PRIVATE -Wl,--wrap=memory_left,--wrap=file_read_number
	-Wl,--wrap=statvfs64,--wrap=dax_device_query)
unit_test(env memory)
target_link_options(test-env-memory PRIVATE -Wl,--wrap=file_read_kib,--wrap=file_read_number
	-Wl,--wrap=file_read_all)

unit_test(env results)

unit_test(env leftovers)
target_link_options(test-env-leftovers PRIVATE -Wl,--wrap=tracefs_tidy,--wrap=cgroup_tidy
	-Wl,--wrap=vm_sysctl_tidy,--wrap=results_adopt)

unit_test(env limits)
target_link_options(test-env-limits PRIVATE -Wl,--wrap=getrlimit64,--wrap=setrlimit64)

unit_test(env shortage)
target_link_options(test-env-shortage PRIVATE -Wl,--wrap=open64,--wrap=close,--wrap=socket
	-Wl,--wrap=pthread_create,--wrap=pthread_join,--wrap=mmap64,--wrap=munmap,--wrap=mlock2
	-Wl,--wrap=file_read_kib,--wrap=memory_left,--wrap=fallocate64,--wrap=connect
	-Wl,--wrap=memfd_create)

unit_test(env fault_sample side)
target_sources(test-env-fault_sample PRIVATE unit/side/loopback.c unit/side/loopback_side.c)
target_link_options(test-env-fault_sample PRIVATE -Wl,--wrap=evidence_begin,--wrap=evidence_name
	-Wl,--wrap=evidence_end,--wrap=rdma_device_open,--wrap=rdma_mr_reg_at,--wrap=clock_gettime
	-Wl,--wrap=pace_work_ns)
