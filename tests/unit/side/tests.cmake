# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
unit_test(side child)
target_link_options(test-side-child PRIVATE -Wl,--wrap=worker_start,--wrap=worker_kill,--wrap=worker_receive)

unit_test(side record)

# Time is the test's own.
unit_test(side stream)
target_link_options(test-side-stream PRIVATE -Wl,--wrap=clock_gettime)

# A side of a transport within the process; further functions to wrap come after the noun.
function(loopback_test noun)
	unit_test(side ${noun})
	target_sources(test-side-${noun} PRIVATE unit/side/loopback.c unit/side/loopback_side.c)
	list(TRANSFORM ARGN PREPEND -Wl,--wrap=)
	target_link_options(test-side-${noun} PRIVATE ${ARGN}
		-Wl,--wrap=rdma_device_open,--wrap=rdma_mr_reg_at,--wrap=clock_gettime)
endfunction()

loopback_test(background pthread_create)
loopback_test(data)
loopback_test(local)
loopback_test(operation pace_work_ns)
loopback_test(queue_pair)
loopback_test(target region_open region_close region_write fail_alloc_nth fail_alloc_nth_end)
loopback_test(memory region_evict region_unmap region_map region_remap region_protect region_truncate region_punch
	region_zero region_allocate region_collapse region_insert region_sync region_persist region_clone
	region_map_other_file region_file_call region_mremap region_allocated region_advise region_invalidate residency_count extents_query
	storm_begin storm_cycles storm_end uffd_delay_begin uffd_delay_end mmap_lock_hold fail_alloc_begin demotion_start nodes_of cgroup_join cgroup_limit ksm_start ksm_merged
	residency_frames offline_release fail_alloc_end race_hold race_pauses race_release)
loopback_test(host fs_fill mount_of umount2 mount filesystem_shut_down freeze_begin nvdimm_unbind nldev_delete realpath file_write file_read_kib setrlimit64
	syscall)
loopback_test(keys key_open key_close key_list key_interleave region_close)
loopback_test(watch evidence_begin evidence_name evidence_absent evidence_end residency_count)
