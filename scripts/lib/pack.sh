# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# What packs a kernel for the guest, inside the root filesystem: from FOLDER/tree/usr/lib/modules/RELEASE
# come FOLDER/modules.img, which the guest mounts at /usr/lib/modules, and FOLDER/initrd.

# What the initrd needs to reach the guest's root. All else is loaded from modules.img.
readonly BOOT_MODULES=(virtio_pci virtio_console virtio_blk erofs overlay 9p 9pnet_virtio)

# Drivers of hardware that the guest cannot have.
# shellcheck disable=SC2034  # each packer leaves them out in its way
readonly USELESS=(sound drivers/{gpu,media,staging,iio,hid,usb,scsi,net/wireless})

# pack_modules FOLDER RELEASE
pack_modules() {
	local usr=$1/tree/usr
	depmod --basedir "$usr" "$2"
	mkfs.erofs --quiet -zlz4 "$1/modules.img" "$usr/lib/modules"
}

# pack_initrd FOLDER RELEASE: of a module that is built in, modprobe prints no "insmod".
pack_initrd() {
	local initrd=$1/initrd.tree module
	mkdir -p "$initrd"/{bin,modules,root}
	cp /usr/bin/busybox "$initrd/bin/"
	cp /odplab/scripts/guest/initrd "$initrd/init"
	chmod 755 "$initrd/init"
	# An empty configuration: the root's own modprobe.d hides dependencies by install commands.
	modprobe -C /dev/null --dirname "$1/tree/usr" --set-version "$2" --show-depends -a \
		"${BOOT_MODULES[@]}" |
		awk '$1 == "insmod" && !seen[$2]++ { print $2 }' |
		while read -r module; do
			cp "$module" "$initrd/modules/"
			basename "$module"
		done >"$initrd/modules/order"
	(cd "$initrd" && find . | cpio --quiet -o -H newc) >"$1/initrd"
	rm -rf "$initrd"
}
