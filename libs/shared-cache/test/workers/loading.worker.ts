import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { CacheService } from '../../src/cache/cache.service';
import { Coherence } from '../../src/cache/coherence';
import { RedisConnection } from '../../src/connection/redis.connection';
import { waitFor } from '../../src/testing';
import { sharedCache } from '../harness';
import { counted, RUNS_KEY } from './counted';

// One process of several that ask for the same cold key at the same moment.
//   argv: Redis port, callers, milliseconds the loader takes
const [port, callers, loadMs] = process.argv.slice(2).map(Number) as [number, number, number];

async function main(): Promise<void> {
  const context = await sharedCache({ host: '127.0.0.1', port });
  await waitFor(() => context.get(RedisConnection).available && context.get(Coherence).armed);
  const counter = new Redis({ host: '127.0.0.1', port });
  const cache = context.get(CacheService);
  process.on('message', (key: string) => {
    const load = async () => {
      const run = await counter.incr(RUNS_KEY);
      process.send?.({ loading: key });
      await sleep(loadMs);
      return { run, pid: process.pid };
    };
    void Promise.all(Array.from({ length: callers }, () => cache.getOrSet(counted, key, load))).then(
      (values) =>
        process.send?.({ values: [...new Set(values.map(({ run }) => run))], callers: values.length }),
    );
  });
  process.send?.({ ready: true });
}

void main();
