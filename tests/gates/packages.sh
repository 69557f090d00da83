#!/bin/bash
# Sees to it that Debian packages are there: packages.sh PACKAGE…
# Nothing to do when all are installed. As root installs what is missing, otherwise prints the command and fails.
set -u

if ! command -v dpkg-query >/dev/null; then
    echo "Not a Debian system: please see yourself that these are there: $*" >&2
    exit 0
fi

missing=()
for package in "$@"; do
    status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)
    [ "$status" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -ne 0 ]; then
    echo "These packages are missing. To install them:" >&2
    echo "  sudo apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
fi
echo "Installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -q </dev/null >/dev/null || echo "apt-get update failed; trying with the lists that are there" >&2
apt-get install -q -y --no-install-recommends "${missing[@]}" </dev/null >/dev/null || {
    echo "apt-get could not install: ${missing[*]}" >&2
    exit 1
}
