#!/bin/sh
# Writes the access list from the password in the environment, then starts Redis with TLS only.
set -eu

umask 077
cat > /tmp/users.acl <<ACL
user default off
user tickbridge on >${REDIS_PASSWORD} ~* &* +@all -@admin -@dangerous +info +client +slowlog|get +slowlog|len
user operator on >${REDIS_OPERATOR_PASSWORD} ~* &* +@all
ACL

exec redis-server /etc/redis/redis.conf \
  --dir /data \
  --aclfile /tmp/users.acl \
  --port 0 \
  --tls-port 6379 \
  --tls-cert-file /certs/redis.crt \
  --tls-key-file /certs/redis.key \
  --tls-ca-cert-file /certs/ca.crt \
  --tls-auth-clients no
