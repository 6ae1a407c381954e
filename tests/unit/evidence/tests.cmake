# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
unit_test(evidence kernel_log)
target_link_options(test-evidence-kernel_log PRIVATE -Wl,--wrap=open64,--wrap=read)
unit_test(evidence bounds)
unit_test(evidence evidence)
unit_test(evidence hw_counters)
unit_test(evidence judge)
unit_test(evidence mr_counters)
unit_test(evidence trace)
unit_test(evidence trace_count)
unit_test(evidence trace_calls)
unit_test(evidence trace_names)
unit_test(evidence trace_pages)
unit_test(evidence trace_record)
unit_test(evidence trace_stream)
unit_test(evidence mapped)
unit_test(evidence tracefs)
target_link_options(test-evidence-tracefs PRIVATE
	-Wl,--wrap=file_write,--wrap=file_append,--wrap=file_read,--wrap=file_drain
	-Wl,--wrap=access,--wrap=mkdir,--wrap=rmdir,--wrap=kill,--wrap=glob64,--wrap=globfree64)

# RDMA netlink, answered by the test.
unit_test(evidence nldev)
target_link_options(test-evidence-nldev PRIVATE
	-Wl,--wrap=nl_socket_alloc,--wrap=nl_socket_free,--wrap=nl_connect
	-Wl,--wrap=nlmsg_alloc_simple,--wrap=nlmsg_free,--wrap=nl_socket_disable_auto_ack
	-Wl,--wrap=nl_socket_disable_seq_check,--wrap=nla_put_u32,--wrap=setsockopt
	-Wl,--wrap=nl_socket_modify_cb,--wrap=nl_send_auto,--wrap=nl_recvmsgs_default)
