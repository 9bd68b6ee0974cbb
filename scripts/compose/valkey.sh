#!/bin/sh
# The interface of the official image of Valkey: a server without password on 6379, and `valkey-cli`.
ln -sf redis-cli /usr/bin/valkey-cli
exec redis-server --bind 0.0.0.0 --protected-mode no --save "" --dir /tmp
