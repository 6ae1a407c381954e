# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
unit_test(invalidation invalidate)
target_link_options(test-invalidation-invalidate PRIVATE -Wl,--wrap=mremap,--wrap=mprotect)
unit_test(invalidation storm)

# Files of the kernel in memory: see fake_files.h.
set(FAKE_FILES -Wl,--wrap=file_read,--wrap=file_read_number,--wrap=file_write)
unit_test(invalidation vm_sysctl)
target_sources(test-invalidation-vm_sysctl PRIVATE unit/invalidation/fake_files.c)
target_link_options(test-invalidation-vm_sysctl PRIVATE ${FAKE_FILES})

unit_test(invalidation zeros)
target_link_options(test-invalidation-zeros PRIVATE -Wl,--wrap=mmap64)

unit_test(invalidation cgroup)
target_sources(test-invalidation-cgroup PRIVATE unit/invalidation/fake_files.c)
target_link_options(test-invalidation-cgroup PRIVATE ${FAKE_FILES}
	-Wl,--wrap=geteuid,--wrap=mkdir,--wrap=rmdir,--wrap=kill,--wrap=glob64,--wrap=globfree64)

unit_test(invalidation ksm)
target_sources(test-invalidation-ksm PRIVATE unit/invalidation/fake_files.c)
target_link_options(test-invalidation-ksm PRIVATE ${FAKE_FILES} -Wl,--wrap=madvise,--wrap=munmap)

unit_test(invalidation nodes)
target_sources(test-invalidation-nodes PRIVATE unit/invalidation/fake_files.c)
target_link_options(test-invalidation-nodes PRIVATE ${FAKE_FILES} -Wl,--wrap=syscall)

unit_test(invalidation compaction)
target_sources(test-invalidation-compaction PRIVATE unit/invalidation/fake_files.c)
target_link_options(test-invalidation-compaction PRIVATE ${FAKE_FILES}
	-Wl,--wrap=geteuid,--wrap=access,--wrap=sysconf,--wrap=nodes_of,--wrap=residency_frames,--wrap=file_read_kib
	-Wl,--wrap=mlock,--wrap=mmap64,--wrap=munmap)
