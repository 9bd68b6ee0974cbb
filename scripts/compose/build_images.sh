#!/usr/bin/env bash
# Builds the images that compose.yaml needs where no registry can be reached: Debian's own packages behind the names and
# interfaces of the official images. Images that are there already are kept.
#   scripts/compose/build_images.sh [MIRROR]
# A folder that pip looks into (`pip config get global.find-links`) is taken along, so that torch need not be fetched.
set -euo pipefail
cd "$(dirname "$0")"
export DOCKER_BUILDKIT=0
mirror=${1:-http://deb.debian.org/debian}
packages=ca-certificates,python3,python3-venv,python3-pip,postgresql,redis-server,caddy,make,adduser,procps
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

has_image() { docker image inspect "$1" >/dev/null 2>&1; }

if ! has_image faceline-debian:12; then
    command -v debootstrap >/dev/null || { echo "debootstrap is missing: apt-get install debootstrap"; exit 3; }
    debootstrap --variant=minbase --include="$packages" bookworm "$work/root" "$mirror" >"$work/log" 2>&1 ||
        { tail -5 "$work/log"; exit 3; }
    tar -C "$work/root" --exclude='./proc/*' --exclude='./sys/*' --exclude='./var/cache/apt/archives/*.deb' -c . |
        docker import - faceline-debian:12 >/dev/null
fi

build() { # build TAG ENTRYPOINT: a stand-in whose program this script starts
    has_image "$1" || docker pull --quiet "$1" >/dev/null 2>&1 || {
        cp "$2" "$work/entrypoint"
        printf 'FROM faceline-debian:12\nCOPY entrypoint /entrypoint\nRUN chmod 755 /entrypoint\nENTRYPOINT ["/entrypoint"]\n' |
            cat - "${3:-/dev/null}" >"$work/Dockerfile"
        rm -rf "$work/root"
        docker build --quiet --tag "$1" "$work" >/dev/null
        echo "$1: a stand-in made of Debian packages"
    }
}

build postgres:17 postgres.sh
build valkey/valkey:8 valkey.sh
build caddy:2 caddy.sh

tag=python:3.11-slim-bookworm
if ! has_image "$tag" && ! docker pull --quiet "$tag" >/dev/null 2>&1; then
    mkdir -p "$work/wheels"
    wheels=$(pip config get global.find-links 2>/dev/null || true)
    if [ -d "$wheels" ]; then cp "$wheels"/*.whl "$work/wheels/"; fi
    cp /etc/ssl/certs/ca-certificates.crt "$work/" # of this machine, which may stand behind a proxy with its own
    printf '[global]\nfind-links = /opt/wheels\ncert = /etc/ssl/certs/ca-certificates.crt\n' >"$work/pip.conf"
    cat >"$work/Dockerfile" <<'DOCKERFILE'
FROM faceline-debian:12
ENV LANG=C.UTF-8
COPY wheels /opt/wheels
COPY pip.conf /etc/pip.conf
COPY ca-certificates.crt /etc/ssl/certs/
RUN ln -sf python3 /usr/bin/python
DOCKERFILE
    rm -rf "$work/root"
    docker build --quiet --tag "$tag" "$work" >/dev/null
    echo "$tag: a stand-in made of Debian packages"
fi
