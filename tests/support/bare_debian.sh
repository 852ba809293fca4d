#!/usr/bin/env bash
# Tries a command of this repository on a bare Debian: a new chroot with git and nothing else, a fresh clone in it.
#
#   tests/support/bare_debian.sh bookworm /var/tmp/bare-12 ./quickstart
#   tests/support/bare_debian.sh trixie   /var/tmp/bare-13 ./test --no-sanitizers
#
# What is committed on HEAD is cloned. The folder is kept, so that a second call tries "running it again repeats
# nothing"; remove it to begin afresh. Run as root; debootstrap must be installed. Packages come from the mirror that
# this machine's own apt uses; nothing else is fetched, and FAIRSWEEP_DATA, where set, is copied in.
set -euo pipefail
k_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
k_program=bare_debian.sh
# shellcheck source=scripts/shell_support.bash
source "$k_root/scripts/shell_support.bash"

if (($# < 3)); then
  sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit "$k_exit_usage"
fi
suite=$1 folder=$2
shift 2
case $suite in
  bookworm | trixie) ;;
  *) fail "$k_exit_usage" "the suite is \"$suite\"; it can be bookworm or trixie" ;;
esac
if ((EUID != 0)); then fail "$k_exit_environment" "a chroot can only be made by root"; fi
if ! command -v debootstrap >/dev/null; then
  fail "$k_exit_environment" "debootstrap is not installed: apt-get install debootstrap"
fi

# The first Debian mirror of this machine, from either form of apt's sources.
# shellcheck disable=SC2016  # apt's own placeholders
mirror=$(apt-get indextargets --format '$(CREATED_BY) $(REPO_URI) $(ORIGIN)' | awk '$1 == "Packages" && $3 == "Debian" {print $2; exit}')
if [[ -z $mirror ]]; then
  fail "$k_exit_environment" "apt knows no Debian mirror here; run apt-get update and try again"
fi

if [[ ! -e $folder/etc/debian_version ]]; then
  printf 'Making a bare %s in %s from %s\n' "$suite" "$folder" "$mirror"
  debootstrap --variant=minbase --include=git,ca-certificates "$suite" "$folder" "$mirror" >"$folder.log" ||
    fail "$k_exit_environment" "debootstrap failed; its own words are in $folder.log"
fi
# Apt inside reaches the network as apt outside does.
cp /etc/resolv.conf "$folder/etc/resolv.conf"
for name in apt.conf auth.conf; do
  if [[ -e /etc/apt/$name ]]; then cp "/etc/apt/$name" "$folder/etc/apt/$name"; fi
done

mounted=()
# shellcheck disable=SC2317  # called by the trap
leave() {
  local place
  for place in "${mounted[@]}"; do umount "$place" || umount --lazy "$place" || true; done
}
trap leave EXIT
mkdir -p "$folder/dev/shm" "$folder/source"
# The root of a chroot is no mount, and without one no program inside gets mounts of its own, as the local cluster needs.
mount --bind "$folder" "$folder" && mounted=("$folder")
mount -t proc proc "$folder/proc" && mounted=("$folder/proc" "${mounted[@]}")
# Open MPI reads the machine's cores there.
mount -t sysfs -o ro sysfs "$folder/sys" && mounted=("$folder/sys" "${mounted[@]}")
mount --bind /dev "$folder/dev" && mounted=("$folder/dev" "${mounted[@]}")
mount -t tmpfs -o size=1g shm "$folder/dev/shm" && mounted=("$folder/dev/shm" "${mounted[@]}")
mount --bind -o ro "$k_root" "$folder/source" && mounted=("$folder/source" "${mounted[@]}")

inside=(env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8)
for name in http_proxy https_proxy no_proxy; do
  if [[ -n ${!name:-} ]]; then inside+=("$name=${!name}"); fi
done
if [[ -n ${FAIRSWEEP_DATA:-} ]]; then
  mkdir -p "$folder/root/fairsweep_data"
  cp -r "$FAIRSWEEP_DATA/." "$folder/root/fairsweep_data"
  inside+=(FAIRSWEEP_DATA=/root/fairsweep_data)
fi

commit=$(git -C "$k_root" rev-parse HEAD)
# shellcheck disable=SC2016  # expands inside
chroot "$folder" "${inside[@]}" bash -euc '
  git config --global --replace-all safe.directory "*"
  if [[ -e /root/fairsweep ]]; then
    git -C /root/fairsweep fetch --quiet /source HEAD
  else
    git clone --quiet /source /root/fairsweep
  fi
  git -C /root/fairsweep checkout --quiet --detach "$1"
' bash "$commit"
printf 'Running in %s at %s: %s\n' "$folder" "${commit:0:10}" "$*"
started=$SECONDS
code=0
chroot "$folder" "${inside[@]}" bash -euc 'cd /root/fairsweep && exec "$@"' bash "$@" || code=$?
printf 'Ended with exit code %d after %s\n' "$code" "$(elapsed $((SECONDS - started)))"
exit "$code"
