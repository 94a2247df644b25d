#!/bin/sh
# A certificate authority of this installation and a certificate for its Redis, made once.
set -eu

cd /certs
[ -f redis.crt ] && exit 0
openssl req -x509 -newkey rsa:3072 -nodes -days 3650 -subj "/CN=tickbridge" -keyout ca.key -out ca.crt
openssl req -newkey rsa:3072 -nodes -subj "/CN=redis" -keyout redis.key -out redis.csr
printf 'subjectAltName=DNS:redis' > redis.ext
openssl x509 -req -in redis.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 3650 -extfile redis.ext -out redis.crt
rm redis.csr redis.ext
# Readable by the user Redis runs as; the authority's own key by nobody else.
chown 999:1000 redis.key
chmod 0400 ca.key redis.key
chmod 0444 ca.crt redis.crt
