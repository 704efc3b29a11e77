#!/usr/bin/env bash
# Tries an archive as a learner does who has Rust and nothing else. `cargo xtask bundle --try` calls it in
# namespaces of its own: without a network interface, and with a /mnt of its own.
set -euo pipefail
archive=$1
scratch=$2
TIMEFORMAT='(%R s)'

say() { printf '\n--- %s\n' "$*"; }
wants() {
    local code=$1 status=0
    shift
    say "$*"
    time "$@" || status=$?
    if [ "$status" -ne "$code" ]; then
        echo "exit code $code was expected, and $status came"
        exit 1
    fi
}

# Servers and checks talk on 127.0.0.1; there must be no way to anywhere else.
ip link set lo up
if [ -n "$(ip route)" ]; then
    echo "there is a network here:"
    ip route
    exit 1
fi

# Away from the repository, whose settings cargo would find above the archive's own.
mount --bind "$scratch" /mnt
mkdir "/mnt/a folder with spaces" /mnt/cargo-home
export CARGO_HOME=/mnt/cargo-home
cd "/mnt/a folder with spaces"
tar -xzf "$archive"
cd workshop-offline

say "the book as files"
grep -c '<h1' book/html/index.html book/html/01-open-route.html

wants 0 cargo xtask verify --solutions --all
wants 0 cargo xtask learn --prepare

say "cargo xtask learn --no-open"
coproc learn { exec cargo xtask learn --no-open 2>&1; }
process=$learn_PID
served=no
while read -r line <&"${learn[0]}"; do
    echo "$line"
    case $line in
    "The page:"*)
        curl --silent --show-error --fail --noproxy '*' "${line##* }" | grep '<h1'
        served=yes
        break
        ;;
    esac
done
if [ "$served" = no ]; then
    echo "learn has ended without a page"
    exit 1
fi
kill -INT "$process"
wait "$process" || [ $? -eq 130 ]

# What a learner does besides, without git.
wants 1 cargo xtask verify 1
wants 0 cargo xtask hint 1
wants 0 cargo xtask solution 1 --apply
wants 0 cargo xtask verify 1
wants 0 cargo xtask reset 1
wants 0 cargo xtask starters --check
wants 0 cargo xtask doctor
say "All of it works without a network."
