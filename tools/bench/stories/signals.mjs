import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis-6';
import { startApp } from '../contestants/tickbridge.mjs';
import { until } from '../../lib/processes.mjs';
import { platform } from '../lib/platform.mjs';
import { sideBySide, takeTurns } from '../lib/rounds.mjs';
import { OURS, seriesOf, toRow } from '../lib/rows.mjs';
import { percentile } from '../lib/statistics.mjs';
import { startWorker } from '../lib/workers.mjs';

const CALLERS = 100;
const PER_SECOND = 50;

/** Signals appended to the buffer: how soon another process has them, and how many there can be. */
export const signals = {
  id: 'signals',
  title: 'signal buffer',
  async run({ redis, turns, times }) {
    const { RedisConnection, SignalBuffer } = await platform();
    const app = await startApp(redis, { signals: true });
    await until(() => app.get(RedisConnection).available, { what: 'tickbridge connected', everyMs: 5 });
    const buffer = app.get(SignalBuffer);
    const delays = await toOtherProcess(redis, buffer, times(300));
    const client = new Redis({ host: redis.host, port: redis.port, password: redis.password });
    const results = await takeTurns(
      [
        {
          name: OURS,
          run: (count) => sideBySide(CALLERS, count, () => buffer.append(aSignal())),
        },
        {
          name: 'ioredis',
          run: (count) => sideBySide(CALLERS, count, () => appendByHand(client, aSignal())),
        },
      ],
      turns,
    );
    client.disconnect();
    await app.close();
    const delay = (part) => ({ [OURS]: [percentile(delays, part)] });
    return [
      toRow({
        id: 'signal-delay-p50',
        work: 'signal appended to read in another process, 50/s, p50',
        unit: 'ms',
        better: 'less',
        series: delay(0.5),
      }),
      toRow({
        id: 'signal-delay-p99',
        work: 'signal appended to read in another process, 50/s, p99',
        unit: 'ms',
        better: 'less',
        series: delay(0.99),
        goal: { text: '≤ 5 ms', reached: ({ ours }) => ours <= 5 },
      }),
      toRow({
        id: 'signal-rate',
        work: 'signals appended, 100 callers',
        unit: 'signals/s',
        better: 'more',
        series: seriesOf(results, 'perSecond'),
        limit: 'ioredis',
        goal: { text: '≥ 20,000/s', reached: ({ ours }) => ours >= 20_000 },
        notes: { ioredis: 'XADD MAXLEN 1000 of the same JSON; no de-duplication, nobody is told' },
      }),
    ];
  },
};

async function toOtherProcess(redis, buffer, count) {
  const reader = await startWorker({ story: 'signals.mjs', contestant: 'ioredis', redis, use: 'shared' });
  await reader.ask('subscribe', { redis });
  // The first few warm up both sides.
  const warmUp = 20;
  const sent = [];
  for (let at = 0; at < warmUp + count; at += 1) {
    const signal = aSignal();
    sent.push({ id: signal.id, began: process.hrtime.bigint() });
    await buffer.append(signal);
    await sleep(1_000 / PER_SECOND);
  }
  const seen = new Map(await until(() => reader.ask('seen').then((all) => all.length >= sent.length && all)));
  await reader.stop();
  return sent.slice(warmUp).map(({ id, began }) => Number(BigInt(seen.get(id)) - began) / 1e6);
}

const appendByHand = (client, signal) =>
  client.xadd('by-hand', 'MAXLEN', 1_000, '*', 'signal', JSON.stringify(signal));

function aSignal() {
  const now = Date.now();
  return {
    id: randomUUID(),
    symbol: 'RELIANCE',
    action: 'BUY',
    strength: 0.8,
    confidence: 0.6,
    price: 1450.5,
    stopLoss: 1440,
    target: 1470,
    strategy: 'momentum-breakout',
    reason: 'close above the highest high of 6 bars',
    components: { breakout: 1449 },
    barTime: new Date(now).toISOString(),
    createdAt: new Date(now).toISOString(),
    expiresAt: new Date(now + 60_000).toISOString(),
  };
}

export const tasks = {
  async subscribe(state, { redis }) {
    const { RedisConnection, SignalBuffer } = await platform();
    const app = await startApp(redis, { signals: true });
    await until(() => app.get(RedisConnection).available, { what: 'tickbridge connected', everyMs: 5 });
    state.seen = [];
    app
      .get(SignalBuffer)
      .subscribe('0-0')
      .subscribe(({ signal }) => state.seen.push([signal.id, String(process.hrtime.bigint())]));
  },
  seen: ({ seen }) => seen,
};
