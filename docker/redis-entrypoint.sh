#!/bin/sh
# Writes the access list, then starts Redis with TLS only.
set -eu

umask 077
sh /etc/redis/users.sh > /tmp/users.acl

exec redis-server /etc/redis/redis.conf \
  --dir /data \
  --aclfile /tmp/users.acl \
  --port 0 \
  --tls-port 6379 \
  --tls-cert-file /certs/redis.crt \
  --tls-key-file /certs/redis.key \
  --tls-ca-cert-file /certs/ca.crt \
  --tls-auth-clients no
