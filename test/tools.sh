#!/bin/sh
# What the tests need beside Node: redis-server, openssl, and swaks with libnet-ssleay-perl. On Debian, as root, what is
# missing is installed, with services kept from starting; elsewhere this says what to install and goes on (the tests that
# need it are then skipped, visibly; where CI=true they fail).
set -eu

missing=""
command -v redis-server >/dev/null 2>&1 || command -v valkey-server >/dev/null 2>&1 || missing="$missing redis-server"
command -v openssl >/dev/null 2>&1 || missing="$missing openssl"
command -v swaks >/dev/null 2>&1 || missing="$missing swaks"
if command -v perl >/dev/null 2>&1 && perl -MNet::SSLeay -e 1 >/dev/null 2>&1; then :; else missing="$missing libnet-ssleay-perl"; fi
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  echo "The tests also need:$missing. Install them (Debian: sudo apt-get install$missing) and run this again for all tests." >&2
  exit 0
fi

echo "Installing what the tests need:$missing"
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod +x "$policy"
  trap 'rm -f "$policy"' EXIT
fi
log=$(mktemp)
# shellcheck disable=SC2086 # one word per package
if ! { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing; } >"$log" 2>&1; then
  tail -20 "$log" >&2
  echo "Could not install$missing; the whole output is in $log" >&2
  exit 1
fi
rm -f "$log"
