#!/bin/sh
# Installs Debian's Chromium and PostgreSQL for the tests, where that is possible without asking a person for anything.
# Never fails: the tests that need what is missing are skipped by name, with the reason.
missing=""
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 || missing="$missing postgresql"
ls /usr/share/fonts/truetype/noto/NotoSansArabic-Regular.ttf >/dev/null 2>&1 || missing="$missing fonts-noto-core"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing for the tests:$missing"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing; } >/dev/null 2>&1 ||
        echo "Could not install:$missing. The tests that need them will say that they did not run."
else
    echo "Not installed:$missing. The tests that need them will say that they did not run; to run them: sudo apt-get install$missing"
fi
exit 0
