#!/bin/sh
# iodbc.sh DIRECTORY: makes DIRECTORY/include, lib and bin links to an iODBC to build against and to test with. That is the
# system's where pkg-config knows libiodbc; else Debian's packages, unpacked below DIRECTORY and not installed, because
# libiodbc2-dev and unixodbc-dev exclude each other. Root only where apt-get has no lists yet.
set -eu

directory=${1:?usage: iodbc.sh DIRECTORY}
packages="libiodbc2 libiodbc2-dev iodbc"

# link INCLUDE LIB BIN
link() {
    ln -sfn "$1" "$directory/include"
    ln -sfn "$2" "$directory/lib"
    ln -sfn "$3" "$directory/bin"
}

mkdir -p "$directory"
directory=$(cd "$directory" && pwd)
if pkg-config --exists libiodbc 2>/dev/null; then
    prefix=$(pkg-config --variable=prefix libiodbc)
    link "$(pkg-config --variable=includedir libiodbc)" "$(pkg-config --variable=libdir libiodbc)" "$prefix/bin"
    exit 0
fi
if ! command -v apt-get >/dev/null 2>&1 || ! command -v dpkg-deb >/dev/null 2>&1; then
    echo "$0: iODBC's development files are missing (a package libiodbc-devel or similar)" >&2
    exit 1
fi

# apt-get hands the download to a user of its own, who cannot write here; it then warns and downloads as the caller.
download() {
    # shellcheck disable=SC2086 # one word a package
    (cd "$directory" && apt-get download -qq -o APT::Sandbox::User= $packages)
}
if ! download 2>/dev/null; then
    as_root=
    if [ "$(id -u)" -ne 0 ]; then
        as_root=sudo
    fi
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    download
fi
for package in $packages; do
    dpkg-deb -x "$directory/${package}"_*.deb "$directory/root"
    rm "$directory/${package}"_*.deb
done
cd "$directory"
for lib in root/usr/lib/*/libiodbc.so; do
    link root/usr/include/iodbc "${lib%/*}" root/usr/bin
done
