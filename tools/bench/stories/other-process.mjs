import { Redis } from 'ioredis-6';
import { open } from '../contestants/index.mjs';
import { quote } from '../lib/payloads.mjs';
import { toRow } from '../lib/rows.mjs';
import { percentile } from '../lib/statistics.mjs';
import { startWorker } from '../lib/workers.mjs';

const NAMES = ['tickbridge', 'node-redis', 'bentocache', 'cacheable'];
const KEY = 'watched';
/** A reader that has not seen a write by then is taken not to hear of it (milliseconds). */
const PATIENCE_MS = 2_000;

/**
 * A process holds a value in memory; another writes it. How long until the first reads the new one?
 *
 * The reader asks again at every turn of its event loop, so its answers are at most a turn late. Foreign writes are
 * made by a plain Redis client that knows nothing of the library: it puts bytes there that the library once wrote.
 */
export const otherProcess = {
  id: 'other-process',
  title: 'other process sees a write',
  async run({ redis, times, progress }) {
    const own = {};
    const foreign = {};
    const notes = {};
    const client = new Redis({ host: redis.host, port: redis.port, password: redis.password });
    for (const contestant of NAMES) {
      progress(contestant);
      await client.flushall();
      const writer = await open(contestant, { redis, use: 'tiered' });
      const reader = await startWorker({ story: 'other-process.mjs', contestant, redis, use: 'tiered' });
      await writer.set(KEY, quote(0));
      const writeOwn = (sequence) => writer.set(KEY, quote(sequence));
      own[contestant] = await delays(reader, writeOwn, times(300));
      const writeForeign = await foreignWriter(client, writer);
      foreign[contestant] = await delays(reader, writeForeign, times(300));
      if (!foreign[contestant]) notes[contestant] = `not seen within ${PATIENCE_MS / 1_000} s`;
      await reader.stop();
      await writer.close();
    }
    client.disconnect();
    return [
      ...toRows('other-process', 'other process sees a write', own),
      ...toRows('foreign-write', 'other process sees a write by a plain Redis client', foreign, notes),
    ];
  },
};

function toRows(id, work, delaysOf, notes) {
  const part = (at) =>
    Object.fromEntries(
      Object.entries(delaysOf).map(([name, found]) => [name, found && [percentile(found, at)]]),
    );
  const row = { unit: 'ms', better: 'less', notes };
  return [
    toRow({
      ...row,
      id: `${id}-p50`,
      work: `${work}, p50`,
      series: part(0.5),
      goal: { text: '≤ 1.5 ms', reached: ({ ours }) => ours <= 1.5 },
    }),
    toRow({
      ...row,
      id: `${id}-p99`,
      work: `${work}, p99`,
      series: part(0.99),
      goal: { text: '≤ 20 ms', reached: ({ ours }) => ours <= 20 },
    }),
  ];
}

/** @returns {Promise<number[] | undefined>} milliseconds from the call that wrote until the other process read it */
async function delays(reader, write, count) {
  const found = [];
  for (let at = 1; at <= count; at += 1) {
    // Alternates: a foreign writer has bytes of two values only.
    const sequence = 1 + (at % 2);
    const seen = reader.ask('watch', { sequence });
    await reader.ask('ready');
    await new Promise((resolve) => setTimeout(resolve, 2 + Math.random() * 5));
    const began = process.hrtime.bigint();
    await write(sequence);
    const seenAt = await seen;
    if (seenAt === null) return undefined;
    found.push(Number(BigInt(seenAt) - began) / 1e6);
  }
  return found;
}

/** Lets the library write both values, keeps what then lies in Redis, and writes just that. */
async function foreignWriter(client, writer) {
  const bytes = {};
  let place;
  for (const sequence of [1, 2]) {
    await writer.set(KEY, quote(sequence));
    for (const key of await client.keys(`*${KEY}*`)) {
      if ((await client.type(key)) !== 'string') continue;
      place = key;
      bytes[sequence] = await client.getBuffer(key);
    }
  }
  return (sequence) => client.set(place, bytes[sequence], 'PX', 600_000);
}

export const tasks = {
  /** Reads until the value has come. @returns when, on the clock all processes share, or null */
  async watch(state, { sequence }) {
    const { cache } = state;
    let begun;
    state.begun = new Promise((resolve) => (begun = resolve));
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const value = await cache.get(KEY);
      begun();
      if (value?.sequence === sequence) return String(process.hrtime.bigint());
      if (performance.now() > deadline) return null;
      await new Promise((resolve) => setImmediate(resolve));
    }
  },
  /** The reader holds the old value. */
  ready: ({ begun }) => begun,
};
