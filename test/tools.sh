#!/bin/sh
# What the tests need beside Node: redis-server, redis-cli, tmux, openssl, swaks with libnet-ssleay-perl, and Postfix. On Debian,
# as root, what is missing is installed, with services kept from starting; elsewhere this says what to install and goes on
# (the tests that need it are then skipped, visibly; where CI=true they fail). A machine has one mail server: where there
# is another one, Postfix is not put in its place. The tests run Postfix instances of their own, never the service.
set -eu
PATH=$PATH:/usr/sbin:/sbin

has() { command -v "$1" >/dev/null 2>&1; }
has_mail_server() {
  has sendmail || has exim4 || has exim ||
    dpkg-query -W -f '${db:Status-Status} ${Provides}\n' 2>/dev/null |
    grep -v -e '^not-installed ' -e '^config-files ' | grep -q mail-transport-agent
}

missing=""
has redis-server || has valkey-server || missing="$missing redis-server"
has redis-cli || missing="$missing redis-tools"
has tmux || missing="$missing tmux"
has openssl || missing="$missing openssl"
has swaks || missing="$missing swaks"
if has perl && perl -MNet::SSLeay -e 1 >/dev/null 2>&1; then :; else missing="$missing libnet-ssleay-perl"; fi
if has postfix; then :
elif has_mail_server; then echo "Another mail server is here: Postfix is not put in its place, and its tests have to do without." >&2
else missing="$missing postfix"; fi
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ] || ! has apt-get; then
  echo "The tests also need:$missing. On Debian, sudo sh test/tools.sh installs them and keeps their services from starting;" >&2
  echo "elsewhere install them by your own means. Then run this again for all tests." >&2
  exit 0
fi

wanted() { case "$missing " in *" $1 "*) ;; *) return 1 ;; esac }
policy=/usr/sbin/policy-rc.d
if [ -e "$policy" ]; then
  for service in redis-server postfix; do
    wanted "$service" || continue
    answer=0
    "$policy" "$service" start >/dev/null 2>&1 || answer=$?
    if [ "$answer" != 101 ]; then
      echo "The tests also need:$missing. Install them by your own means: $policy is yours, and would let $service start." >&2
      exit 0
    fi
  done
else
  trap 'rm -f "$policy"' EXIT
  trap 'exit 1' HUP INT TERM
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod +x "$policy"
fi

echo "Installing what the tests need:$missing"
if wanted postfix && has debconf-set-selections; then
  echo 'postfix postfix/main_mailer_type select No configuration' | debconf-set-selections
fi
log=$(mktemp)
# shellcheck disable=SC2086 # one word per package
if ! { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing; } >"$log" 2>&1; then
  tail -20 "$log" >&2
  echo "Could not install$missing; the whole output is in $log" >&2
  exit 1
fi
rm -f "$log"
if wanted postfix && postfix status >/dev/null 2>&1; then
  postfix stop >/dev/null 2>&1 || true
  echo "Postfix began to run although its service was kept from starting; it was stopped again." >&2
  exit 1
fi
