import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processorSeconds, startOrderPlatform, trade } from '../lib/order-platform.mjs';
import { ordersByHand } from '../lib/orders-by-hand.mjs';
import { buildServices } from '../lib/services.mjs';
import { OURS, toRow } from '../lib/rows.mjs';
import { percentile } from '../lib/statistics.mjs';

const PER_SECOND = 50;
const MANY_PER_SECOND = 250;
const ROUNDS = 3;
const BY_HAND = 'one transaction by hand';

/**
 * From the wish to the filled paper order, by the services as they ship: signal stored, order stored, risk check over
 * Redis, submission stored, taken and filled by the paper broker, fill, position and cash stored.
 */
export const signalToOrder = {
  id: 'signal-to-order',
  title: `signal to accepted paper order, ${PER_SECOND}/s and ${MANY_PER_SECOND}/s`,
  async run({ redis, turns, progress }) {
    progress('build');
    await buildServices();
    const directory = await mkdtemp(join(tmpdir(), 'tickbridge-bench-'));
    const started = [];
    try {
      const platform = await startOrderPlatform(redis, directory, started, progress);
      const seconds = Math.max(4, Math.round((turns.sliceMs * 20) / 1_000));
      await trade(platform, PER_SECOND, 3);
      const found = { p50: [], p99: [], byHand: [], processor: [], many: [], rate: [], filled: 0, denied: 0 };
      for (let round = 0; round < ROUNDS; round += 1) {
        progress(`round ${round + 1}`);
        await measureRound(platform, seconds, found);
      }
      return rowsOf(found);
    } finally {
      for (const each of started.toReversed()) await each.stop();
      await rm(directory, { recursive: true, force: true });
    }
  },
};

async function measureRound(platform, seconds, found) {
  let usual;
  const cpuSeconds = await processorSeconds(platform, async () => {
    usual = filledOf(await trade(platform, PER_SECOND, seconds), found);
  });
  found.processor.push((cpuSeconds * 1_000) / (PER_SECOND * seconds));
  found.p50.push(percentile(usual.took, 0.5));
  found.p99.push(percentile(usual.took, 0.99));
  const many = filledOf(await trade(platform, MANY_PER_SECOND, seconds), found);
  found.many.push(percentile(many.took, 0.99));
  found.rate.push(many.took.length / many.seconds);
  found.byHand.push(percentile(await ordersByHand(platform.url, platform.symbols, 200), 0.5));
}

/** Times of the orders that were filled. */
function filledOf({ answers, seconds }, found) {
  const filled = answers.filter(({ status }) => status === 'Filled' || status === 'PartiallyFilled');
  found.denied += answers.length - filled.length;
  found.filled += filled.length;
  return { took: filled.map(({ tookMs }) => tookMs), seconds };
}

function rowsOf({ p50, p99, byHand, processor, many, rate, filled, denied }) {
  const notes = {
    [OURS]: `${filled} orders over HTTP with the risk check over Redis and PostgreSQL that waits for its disk, while the feed runs at 1,500 ticks/s; ${denied} denied and not counted`,
    [BY_HAND]:
      'the same rows by one prepared statement, one order after the other, nobody asked and nobody told',
  };
  const ms = { unit: 'ms', better: 'less', notes };
  const atMost = (limit) => ({ text: `≤ ${limit} ms`, reached: ({ ours }) => ours <= limit });
  return [
    toRow({
      ...ms,
      id: 'signal-to-order',
      work: `signal to accepted paper order at ${PER_SECOND}/s, p50`,
      series: { [OURS]: p50, [BY_HAND]: byHand },
      limit: BY_HAND,
      goal: atMost(6),
    }),
    toRow({
      ...ms,
      id: 'signal-to-order-p99',
      work: 'the same, p99',
      series: { [OURS]: p99 },
      goal: atMost(25),
    }),
    toRow({
      ...ms,
      id: 'signal-to-order-processor',
      work: 'the same: processor time of an order, over all processes',
      series: { [OURS]: processor },
      goal: atMost(4),
    }),
    toRow({
      ...ms,
      id: 'signal-to-order-many-p99',
      work: `the same at ${MANY_PER_SECOND}/s, p99`,
      series: { [OURS]: many },
      goal: atMost(100),
    }),
    toRow({
      unit: 'orders/s',
      better: 'more',
      notes,
      id: 'signal-to-order-many-rate',
      work: `the same at ${MANY_PER_SECOND}/s: filled orders a second`,
      series: { [OURS]: rate },
      goal: { text: `≥ ${MANY_PER_SECOND * 0.98}/s`, reached: ({ ours }) => ours >= MANY_PER_SECOND * 0.98 },
    }),
  ];
}
