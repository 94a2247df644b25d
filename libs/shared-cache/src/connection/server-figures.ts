import { type RedisStatus, type SlowCommand, toIso } from '@tickbridge/contracts';
import { type Redis, ReplyError } from 'ioredis';
import { keys } from '../contract/shared-cache.keys';

const SLOW_COMMANDS = 10;
/** Commands that carry their keys behind a script and a count of keys. */
const SCRIPT_CALLS = new Set(['EVAL', 'EVALSHA', 'EVAL_RO', 'EVALSHA_RO', 'FCALL', 'FCALL_RO']);
/** What Redis writes in place of the arguments it does not log. */
const LEFT_OUT = /^\.\.\. \((\d+) more arguments\)$/;

type SlowLogEntry = readonly [id: number, atS: number, microseconds: number, command: string[], ...unknown[]];

/** The server's own figures, read from INFO and SLOWLOG. @throws when one is missing: absent is not zero */
export async function readServerFigures(redis: Redis): Promise<NonNullable<RedisStatus['server']>> {
  const [text, slowLog] = await Promise.all([redis.info(), readSlowLog(redis)]);
  const info = parseInfo(text);
  const figure = (name: string) => {
    const value = Number(info.get(name) ?? Number.NaN);
    if (Number.isNaN(value)) throw new Error(`Redis' INFO does not report ${name}`);
    return value;
  };
  return {
    version: info.get('valkey_version') ?? info.get('redis_version') ?? 'unknown',
    usedMemoryBytes: figure('used_memory'),
    maxMemoryBytes: figure('maxmemory'),
    connectedClients: figure('connected_clients'),
    opsPerSecond: figure('instantaneous_ops_per_sec'),
    evictedKeys: figure('evicted_keys'),
    keyspaceHits: figure('keyspace_hits'),
    keyspaceMisses: figure('keyspace_misses'),
    slowLog,
  };
}

/** The newest slow commands, newest first; `null` where the access list or the provider forbids the question. */
async function readSlowLog(redis: Redis): Promise<SlowCommand[] | null> {
  try {
    const entries = (await redis.slowlog('GET', SLOW_COMMANDS)) as SlowLogEntry[];
    return entries.map(toSlowCommand);
  } catch (error) {
    if (error instanceof ReplyError) return null;
    throw error;
  }
}

/** Arguments stay here: they may be tokens, sessions or passwords, and so may be most keys' names. */
function toSlowCommand([id, atS, durationMicroseconds, [name = '', ...args]]: SlowLogEntry): SlowCommand {
  const command = name.toUpperCase();
  const leftOut = LEFT_OUT.exec(args.at(-1) ?? '')?.[1];
  const key = args[SCRIPT_CALLS.has(command) ? 2 : 0];
  return {
    id,
    at: toIso(atS * 1_000),
    durationMicroseconds,
    command,
    argumentCount: leftOut === undefined ? args.length : args.length - 1 + Number(leftOut),
    key: key !== undefined && CACHE_KEY.test(key) ? key : null,
  };
}

/** A key of the cache, with the prefix of an installation or without. */
const CACHE_KEY = new RegExp(`^([A-Za-z0-9_.-]{1,40}:)?${keys.cachePrefix}`);

function parseInfo(text: string): Map<string, string> {
  return new Map(
    text
      .split('\r\n')
      .filter((line) => line.includes(':'))
      .map((line) => {
        const at = line.indexOf(':');
        return [line.slice(0, at), line.slice(at + 1)];
      }),
  );
}
