import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis-6';
import { quote } from '../lib/payloads.mjs';
import { MortalRedis } from '../lib/redis.mjs';
import { OURS, toRow } from '../lib/rows.mjs';
import { percentile } from '../lib/statistics.mjs';
import { startWorker } from '../lib/workers.mjs';

const PEERS = ['node-redis', 'bentocache', 'cacheable', 'cache-manager'];
/** Peers wait for Redis unless told not to, and what they then do differs: both are shown. */
const SET_UPS = [
  { label: OURS, contestant: OURS },
  ...PEERS.map((contestant) => ({ label: contestant, contestant })),
  ...PEERS.map((contestant) => ({ label: `${contestant} fail-fast`, contestant, failFast: true })),
];
const OUTAGE_MS = 3_000;
/** By then a breaker has opened (milliseconds after the kill). */
const OPEN_AFTER_MS = 100;
const PATIENCE_MS = 5_000;

/**
 * Redis is killed under a process that reads and writes all the time, and started again, empty.
 *
 * A call that had not ended when Redis was back for two seconds counts with the time it had taken until then.
 */
export const redisKilled = {
  id: 'redis-killed',
  title: 'Redis killed',
  async run({ program, progress }) {
    const outcomes = {};
    for (const setUp of SET_UPS) {
      progress(setUp.label);
      outcomes[setUp.label] = await outage(program, setUp);
    }
    const part = (field) =>
      Object.fromEntries(
        Object.entries(outcomes).map(([name, found]) => [name, found[field] === null ? [] : [found[field]]]),
      );
    const never = Object.fromEntries(
      Object.entries(outcomes)
        .filter(([, { backMs }]) => backMs === null)
        .map(([name]) => [name, `no write reached Redis within ${PATIENCE_MS / 1_000} s`]),
    );
    const atMost = (most, unit = '') => ({
      text: `≤ ${most}${unit}`,
      reached: ({ ours }) => ours <= most,
    });
    const row = { unit: 'ms', better: 'less' };
    return [
      toRow({ ...row, id: 'killed-worst', work: 'Redis killed: worst call', series: part('worstMs') }),
      toRow({
        ...row,
        id: 'killed-worst-open',
        work: `Redis killed: worst call ${OPEN_AFTER_MS} ms after it and later`,
        series: part('worstOpenMs'),
        goal: atMost(5, ' ms'),
      }),
      toRow({
        ...row,
        id: 'killed-p99-open',
        work: `Redis killed: p99 ${OPEN_AFTER_MS} ms after it and later`,
        series: part('p99OpenMs'),
        goal: atMost(5, ' ms'),
      }),
      toRow({
        ...row,
        id: 'killed-back',
        work: 'Redis back: first write there after',
        series: part('backMs'),
        goal: atMost(500, ' ms'),
        notes: never,
      }),
      toRow({
        ...row,
        id: 'killed-errors',
        work: 'Redis killed: calls that failed, in 1,000',
        unit: '‰',
        series: part('failedPerMille'),
        goal: atMost(0),
      }),
      toRow({
        ...row,
        id: 'killed-uncaught',
        work: 'Redis killed: errors that reached the process',
        unit: 'errors',
        series: part('uncaught'),
        goal: atMost(0),
      }),
      toRow({
        id: 'killed-replayed',
        work: 'Redis back: newest of two writes made meanwhile is read by another process (1 = yes)',
        unit: '',
        better: 'more',
        series: part('replayed'),
        goal: { text: '1', reached: ({ ours }) => ours === 1 },
      }),
    ];
  },
};

async function outage(program, { contestant, failFast }) {
  const server = await MortalRedis.start(program);
  const order = {
    story: 'redis-killed.mjs',
    contestant,
    redis: server.address,
    use: 'tiered',
    failFast,
  };
  const worker = await startWorker(order);
  let client;
  let reader;
  try {
    await worker.ask('begin');
    await sleep(500);
    await server.kill();
    const killedAt = Date.now();
    await sleep(OUTAGE_MS / 2);
    await worker.ask('writeTwice');
    await sleep(OUTAGE_MS / 2);
    const endedAt = Date.now();
    await server.start();
    const upAt = performance.now();
    client = new Redis({ ...server.address, lazyConnect: false });
    client.on('error', () => undefined);
    const backMs = await untilThere(client, 'beat', upAt);
    const keptMs = await untilThere(client, 'kept', upAt, 1_000);
    const { calls, uncaught } = await worker.ask('end');
    reader = await startWorker(order);
    const read = keptMs === null ? null : await reader.ask('readKept');
    const during = calls.filter(({ at }) => at >= killedAt && at < endedAt);
    const open_ = during.filter(({ at }) => at >= killedAt + OPEN_AFTER_MS);
    return {
      worstMs: Math.max(...during.map(({ tookMs }) => tookMs)),
      worstOpenMs: Math.max(...open_.map(({ tookMs }) => tookMs)),
      p99OpenMs: percentile(
        open_.map(({ tookMs }) => tookMs),
        0.99,
      ),
      backMs,
      failedPerMille: (during.filter(({ failed }) => failed).length / during.length) * 1_000,
      uncaught: uncaught.length,
      replayed: read?.sequence === 2 ? 1 : 0,
    };
  } finally {
    client?.disconnect();
    await reader?.stop();
    await worker.stop();
    await server.stop();
  }
}

/** Milliseconds from `since` until a key of the contestant is in Redis, or null. */
async function untilThere(client, name, since, patienceMs = PATIENCE_MS) {
  while (performance.now() - since < patienceMs) {
    const found = await client.keys(`*${name}*`).catch(() => []);
    if (found.length > 0) return performance.now() - since;
    await sleep(2);
  }
  return null;
}

export const tasks = {
  /** Reads what memory holds, reads what nobody holds and writes, each in a loop of its own. */
  async begin(state) {
    const { cache } = state;
    state.calls = [];
    state.running = true;
    await cache.set('held', quote(1));
    const loop = async (work) => {
      for (let at = 0; state.running; at += 1) {
        await timed(state.calls, () => work(at));
        await sleep(1);
      }
    };
    state.loops = [
      loop(() => cache.get('held')),
      loop((at) => cache.get(`cold-${at % 100}`)),
      loop((at) => cache.set('beat', quote(at))),
    ];
  },
  async writeTwice({ cache, calls }) {
    for (const sequence of [1, 2]) {
      // Whoever hangs here shows it in the figures; the story goes on.
      await Promise.race([timed(calls, () => cache.set('kept', quote(sequence))), sleep(200)]);
    }
  },
  async readKept({ cache }) {
    return (await cache.get('kept')) ?? null;
  },
  async end(state) {
    state.running = false;
    // A loop that hangs is shown by its last call; it is not waited for.
    await Promise.race([Promise.all(state.loops), sleep(2_000)]);
    const now = Date.now();
    const calls = state.calls.map((call) => ({ ...call, tookMs: call.tookMs ?? now - call.at }));
    return { calls, uncaught: state.uncaught };
  },
};

/** Puts a call on record; one that has not ended has no `tookMs`. */
async function timed(calls, work) {
  const began = performance.now();
  const call = { at: Date.now(), failed: false, tookMs: undefined };
  calls.push(call);
  try {
    await work();
  } catch {
    // Counted as failed.
    call.failed = true;
  }
  call.tookMs = performance.now() - began;
}
