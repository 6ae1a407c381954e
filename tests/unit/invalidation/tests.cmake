# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
unit_test(invalidation invalidate)
target_link_options(test-invalidation-invalidate PRIVATE -Wl,--wrap=mremap,--wrap=mprotect)
unit_test(invalidation storm)

unit_test(invalidation vm_sysctl)
use_fake_files(invalidation-vm_sysctl)

unit_test(invalidation vm_sysctl_state)
use_fake_files(invalidation-vm_sysctl_state)
target_link_options(test-invalidation-vm_sysctl_state PRIVATE
	-Wl,--wrap=file_replace,--wrap=file_read_all,--wrap=unlink
	-Wl,--wrap=kill,--wrap=glob64,--wrap=globfree64)

unit_test(invalidation demotion)
use_fake_files(invalidation-demotion)
target_link_options(test-invalidation-demotion PRIVATE
	-Wl,--wrap=nodes_slow,--wrap=nodes_move,--wrap=cgroup_can_reclaim,--wrap=cgroup_reclaim,--wrap=access)

unit_test(invalidation fail_alloc)
use_fake_files(invalidation-fail_alloc)
target_link_options(test-invalidation-fail_alloc PRIVATE
	-Wl,--wrap=geteuid,--wrap=access,--wrap=open64,--wrap=kernel_symbol_find)

unit_test(invalidation zeros)
target_link_options(test-invalidation-zeros PRIVATE -Wl,--wrap=mmap64)

unit_test(invalidation cgroup)
use_fake_files(invalidation-cgroup)
target_link_options(test-invalidation-cgroup PRIVATE
	-Wl,--wrap=geteuid,--wrap=mkdir,--wrap=rmdir,--wrap=kill,--wrap=glob64,--wrap=globfree64)

unit_test(invalidation ksm)
use_fake_files(invalidation-ksm)
target_link_options(test-invalidation-ksm PRIVATE -Wl,--wrap=madvise,--wrap=munmap)

unit_test(invalidation nodes)
use_fake_files(invalidation-nodes)
target_link_options(test-invalidation-nodes PRIVATE -Wl,--wrap=syscall)

unit_test(invalidation compaction)
use_fake_files(invalidation-compaction)
target_link_options(test-invalidation-compaction PRIVATE
	-Wl,--wrap=geteuid,--wrap=access,--wrap=sysconf,--wrap=nodes_of,--wrap=residency_frames,--wrap=file_read_kib
	-Wl,--wrap=mlock,--wrap=mmap64,--wrap=munmap)

unit_test(invalidation offline)
use_fake_files(invalidation-offline)
target_link_options(test-invalidation-offline PRIVATE
	-Wl,--wrap=geteuid,--wrap=access,--wrap=residency_frames,--wrap=region_advise)
