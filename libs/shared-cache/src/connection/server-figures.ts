import type { RedisStatus } from '@tickbridge/contracts';
import type { Redis } from 'ioredis';

/** The server's own figures, read from INFO. @throws when one is missing: absent is not zero */
export async function readServerFigures(redis: Redis): Promise<NonNullable<RedisStatus['server']>> {
  const info = parseInfo(await redis.info());
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
  };
}

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
