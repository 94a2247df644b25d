#!/bin/sh
# Prints Redis' access list: a user for each service, with what it needs and no more. Passwords come from the environment.
set -eu

# Every service: the shared cache, and no command that reads or changes the server or other connections.
service="on resetkeys resetchannels +@all -@admin -@dangerous +info +slowlog|get +slowlog|len \
~cache:* ~gone:cache:* ~installation &__redis__:invalidate"
# Prices are written by the feed alone; others read the hashes and listen.
prices='%R~*:live_cache %R~*:live_meta'
# One subscription may name several channels; a selector has to allow all of them.
listen='-@all +subscribe +unsubscribe resetchannels &__redis__:invalidate &*:ticks'
risk='&risk.check &risk.check.reply'
events='&signal.created &order.updated &fill.created &trading.state &token.updated'

cat <<ACL
user default off
user market-data ${service} >${MARKET_DATA_REDIS_PASSWORD} ~*:live_cache ~*:live_meta ~feed:lease:* &*:ticks
user risk-manager ${service} >${RISK_MANAGER_REDIS_PASSWORD} ${prices} ~bus:claim:* ${risk} (${listen})
user orchestrator ${service} >${ORCHESTRATOR_REDIS_PASSWORD} ${prices} ~signals:* ~token:* &signals:appended* ${risk} ${events} (${listen} &signals:appended*)
user dashboard ${service} >${DASHBOARD_REDIS_PASSWORD} ${prices} ~session:* (${listen} ${events})
user operator on >${OPERATOR_REDIS_PASSWORD} ~* &* +@all
ACL
