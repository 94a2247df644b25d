import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../lib/processes.mjs';
import { toRow } from '../lib/rows.mjs';
import { aTick, symbols } from '../lib/ticks.mjs';
import { startWorker } from '../lib/workers.mjs';
import { wire, WIRES } from '../wires/index.mjs';

const SYMBOLS = symbols(175);
const NO_PEERS = { limit: 'by hand', yardsticks: ['original'] };

/** How many ticks a producer can hand over until a reader in another process has the newest of each symbol. */
export const tickRate = {
  id: 'tick-rate',
  title: 'ticks per second, 175 symbols',
  async run({ redis, turns, progress }) {
    const rounds = Math.max(3, Math.round(turns.rounds / 2));
    const perSecond = {};
    const cpuMicros = {};
    const arrived = {};
    const contestants = await Promise.all(WIRES.map(({ name }) => start(name, redis)));
    for (let round = 0; round < rounds; round += 1) {
      for (const contestant of contestants) {
        const { name } = contestant;
        progress(`${name}, round ${round + 1}`);
        const result = await once(contestant);
        (perSecond[name] ??= []).push(result.perSecond);
        (cpuMicros[name] ??= []).push(result.cpuMicros);
        (arrived[name] ??= []).push(result.arrived);
      }
    }
    const notes = Object.fromEntries(
      Object.entries(arrived).map(([name, parts]) => [
        name,
        `${Math.round(Math.min(...parts) * 100)} % of the ticks arrived singly; of the others a newer one did`,
      ]),
    );
    for (const { writer, reader } of contestants) {
      await reader.stop();
      await writer.close();
    }
    return [
      toRow({
        id: 'tick-rate',
        work: 'ticks/s, one producer to one consumer',
        unit: 'ticks/s',
        better: 'more',
        series: perSecond,
        ...NO_PEERS,
        goal: {
          text: '≥ 0.9 of the limit, ≥ 20 × the original',
          reached: ({ toLimit, ours }) => toLimit >= 0.9 && ours >= 20 * middle(perSecond.original),
        },
        notes,
      }),
      toRow({
        id: 'tick-cpu',
        work: 'the same, processor time of the producer per tick',
        unit: 'µs',
        better: 'less',
        series: cpuMicros,
        ...NO_PEERS,
      }),
    ];
  },
};

async function start(name, redis) {
  const reader = await startWorker({ story: 'tick-rate.mjs', contestant: 'Map', redis, use: 'memory' });
  await reader.ask('listen', { redis, name });
  const writer = await wire(name).open(redis);
  const contestant = { name, writer, reader, sequence: 0, count: name === 'original' ? 2_000 : 100_000 };
  // Readers that begin with a snapshot need one; everything is warmed up by it.
  await once({ ...contestant, count: 2_000 }, contestant);
  return contestant;
}

async function once({ writer, reader, count, ...own }, contestant = own) {
  const from = (contestant.sequence ?? 0) + 1;
  await reader.ask('expect', { last: from + count - 1 });
  const cpu = process.cpuUsage();
  const began = performance.now();
  let sequence = from;
  for (; sequence < from + count; sequence += 1) {
    const waiting = writer.send(aTick(SYMBOLS[sequence % SYMBOLS.length], sequence));
    if (waiting) await waiting;
    // A feed's ticks come from a socket: now and then the event loop turns.
    if (sequence % SYMBOLS.length === 0) await new Promise(setImmediate);
  }
  contestant.sequence = sequence - 1;
  const { seen } = await reader.ask('done');
  const tookMs = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  await sleep(50);
  return {
    perSecond: (count / tookMs) * 1_000,
    cpuMicros: (user + system) / count,
    arrived: seen / count,
  };
}

const middle = (figures) => figures.toSorted((one, other) => one - other)[Math.floor(figures.length / 2)];

export const tasks = {
  async listen(state, { redis, name }) {
    state.newest = new Map();
    state.seen = 0;
    await wire(name).listen(redis, (tick) => {
      state.seen += 1;
      state.newest.set(tick.symbol, tick.sequence);
    });
  },
  expect(state, { last }) {
    state.seen = 0;
    state.last = last;
  },
  async done(state) {
    const complete = () =>
      SYMBOLS.every((symbol, at) => (state.newest.get(symbol) ?? 0) >= lastOf(at, state.last));
    await until(complete, { what: 'every newest tick read', everyMs: 1 });
    return { seen: state.seen };
  },
};

/** Sequence of a symbol's newest tick when `last` was sent. */
const lastOf = (at, last) => last - ((((last - at) % SYMBOLS.length) + SYMBOLS.length) % SYMBOLS.length);
