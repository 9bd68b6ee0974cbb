#!/bin/sh
# The interface of the official image of Caddy: /etc/caddy/Caddyfile, certificates under /data.
export XDG_DATA_HOME=/data XDG_CONFIG_HOME=/config
exec caddy run --config /etc/caddy/Caddyfile --adapter caddyfile
