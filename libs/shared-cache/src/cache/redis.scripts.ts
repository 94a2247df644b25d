import { HAS_VALUE, HEAD_BYTES, HEAD_FORMAT, MAGIC } from './record';

/** How long Redis remembers that a key was deleted, against late replays (milliseconds). */
export const DELETION_REMEMBERED_MS = 600_000;
/** How long a tag's mark lives without use; no entry lives longer (milliseconds). */
const MARK_LIFE_MS = 172_800_000;

const COMMON = `
local t = redis.call('TIME')
local us = t[1] * 1000000 + t[2]
local now = us / 1000
local function head(raw)
  if not raw or #raw < ${HEAD_BYTES} or string.byte(raw, 1) ~= ${MAGIC} then return nil end
  local _, flags, shape, version, asOf, expires, leaseUntil, token = struct.unpack('${HEAD_FORMAT}', raw)
  return { value = flags % 2 == 1, shape = shape, version = version, asOf = asOf, expires = expires,
    leaseUntil = leaseUntil, token = token }
end
local function store(key, h, payload, px)
  local flags = payload and ${HAS_VALUE} or 0
  redis.call('SET', key, struct.pack('${HEAD_FORMAT}', ${MAGIC}, flags, h.shape, h.version, h.asOf, h.expires,
    h.leaseUntil, h.token) .. (payload or ''), 'PX', math.max(1, math.ceil(px)))
end
-- What is no string is none of ours: as good as nothing, and replaced.
local function ours(key, last)
  local raw
  if last then raw = redis.pcall('GETRANGE', key, 0, last) else raw = redis.pcall('GET', key) end
  if type(raw) == 'table' then return false end
  return raw
end
local function text(n) return string.format('%.0f', n) end
`;

const HELD = `
local h = head(ours(KEYS[1]))
local token = tonumber(ARGV[1])
if not h or h.token ~= token or h.leaseUntil == 0 then return false end
`;

/** Lua scripts by name: each one step on one key (and its memory of deletion), in the order Redis takes them. */
export const CACHE_SCRIPTS = {
  cacheVersions: {
    numberOfKeys: undefined,
    lua: `${COMMON}
local versions = {}
for at, key in ipairs(KEYS) do
  local h = head(ours(key, ${HEAD_BYTES - 1}))
  versions[at] = text(h and h.version or 0)
end
return versions`,
  },
  cacheClaim: {
    numberOfKeys: 1,
    lua: `${COMMON}
local token, lease, force = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3] == '1'
local raw = ours(KEYS[1])
local h = head(raw)
if h and h.value and h.expires > now and not force then return { 'value', '0', raw } end
local stale = h and h.value and raw or false
if h and h.leaseUntil > now and h.token ~= token then
  return { h.token == 0 and 'cooling' or 'busy', text(math.ceil(h.leaseUntil - now)), stale }
end
if stale then
  redis.call('SETRANGE', KEYS[1], 30, struct.pack('>dd', now + lease, token))
  if redis.call('PTTL', KEYS[1]) < lease then redis.call('PEXPIRE', KEYS[1], lease) end
else
  store(KEYS[1], { shape = 0, version = us, asOf = us, expires = 0, leaseUntil = now + lease, token = token },
    nil, lease)
end
return { 'granted', text(us), stale }`,
  },
  cacheRenew: {
    numberOfKeys: 1,
    lua: `${COMMON}${HELD}
local lease = tonumber(ARGV[2])
redis.call('SETRANGE', KEYS[1], 30, struct.pack('>d', now + lease))
if redis.call('PTTL', KEYS[1]) < lease then redis.call('PEXPIRE', KEYS[1], lease) end
return 1`,
  },
  cacheFill: {
    numberOfKeys: 1,
    lua: `${COMMON}${HELD}
local version = math.max(h.version + 1, us)
local ttl, grace = tonumber(ARGV[4]), tonumber(ARGV[5])
store(KEYS[1], { shape = tonumber(ARGV[3]), version = version, asOf = tonumber(ARGV[2]), expires = now + ttl,
  leaseUntil = 0, token = 0 }, ARGV[6], ttl + grace)
return text(version)`,
  },
  cacheRelease: {
    numberOfKeys: 1,
    lua: `${COMMON}${HELD}
local backoff = tonumber(ARGV[2])
if h.value then
  redis.call('SETRANGE', KEYS[1], 30, struct.pack('>dd', backoff > 0 and now + backoff or 0, 0))
elseif backoff > 0 then
  h.leaseUntil = now + backoff
  h.token = 0
  store(KEYS[1], h, nil, backoff)
else
  redis.call('DEL', KEYS[1])
end
return 1`,
  },
  cachePut: {
    numberOfKeys: 1,
    lua: `${COMMON}
local h = head(ours(KEYS[1], ${HEAD_BYTES - 1}))
local version = us
if h and h.version >= us then version = h.version + 1 end
local ttl, grace = tonumber(ARGV[2]), tonumber(ARGV[3])
store(KEYS[1], { shape = tonumber(ARGV[1]), version = version, asOf = version, expires = now + ttl,
  leaseUntil = 0, token = 0 }, ARGV[4], ttl + grace)
return text(version)`,
  },
  cacheRemove: {
    numberOfKeys: 2,
    lua: `${COMMON}
local h = head(ours(KEYS[1]))
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[2], text(us), 'PX', ${DELETION_REMEMBERED_MS})
return h and h.value and h.expires > now and 1 or 0`,
  },
  cacheReplayPut: {
    numberOfKeys: 2,
    lua: `${COMMON}
local version = math.min(us, tonumber(ARGV[5]))
local age = (us - version) / 1000
local deleted = tonumber(ours(KEYS[2]) or '0') or 0
local h = head(ours(KEYS[1]))
if age > ${DELETION_REMEMBERED_MS} or deleted >= version then return 0 end
if h and h.version >= version then return 0 end
local left, grace = tonumber(ARGV[2]) - age, tonumber(ARGV[3])
if left + grace <= 0 then
  redis.call('DEL', KEYS[1])
  return 0
end
store(KEYS[1], { shape = tonumber(ARGV[1]), version = version, asOf = version, expires = now + left,
  leaseUntil = 0, token = 0 }, ARGV[4], left + grace)
return 1`,
  },
  cacheReplayRemove: {
    numberOfKeys: 2,
    lua: `${COMMON}
local version = math.min(us, tonumber(ARGV[1]))
local deleted = tonumber(ours(KEYS[2]) or '0') or 0
local h = head(ours(KEYS[1]))
if not h or h.version <= version then redis.call('DEL', KEYS[1]) end
if deleted < version then redis.call('SET', KEYS[2], text(version), 'PX', ${DELETION_REMEMBERED_MS}) end
return 1`,
  },
  cacheMark: {
    numberOfKeys: 1,
    lua: `${COMMON}
local mark = tonumber(ours(KEYS[1]) or '')
local raise = ARGV[2] == '1'
local wanted = us - 1
if ARGV[1] ~= '' then wanted = math.min(wanted, tonumber(ARGV[1])) end
if mark and (not raise or mark >= wanted) then
  if redis.call('PTTL', KEYS[1]) < ${MARK_LIFE_MS / 2} then redis.call('PEXPIRE', KEYS[1], ${MARK_LIFE_MS}) end
  return text(mark)
end
if raise then wanted = wanted + 1 end
redis.call('SET', KEYS[1], text(wanted), 'PX', ${MARK_LIFE_MS})
return text(wanted)`,
  },
} as const;
