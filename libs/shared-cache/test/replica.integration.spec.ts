import fc from 'fast-check';
import type { Bar, Tick } from '@tickbridge/contracts';
import { decodeFrame, encodeFrame, type Frame, type Snapshot } from '../src/live-market-data/frame';
import {
  frameFromText,
  frameToText,
  snapshotFromText,
  snapshotToText,
} from '../src/live-market-data/frame-text';
import { Replica } from '../src/live-market-data/replica';
import { aTick } from './harness';

const symbols = ['A', 'B', 'C'];
const updates = fc.array(
  fc.array(
    fc.record({ symbol: fc.constantFrom(...symbols), lastPrice: fc.integer({ min: 1, max: 1_000 }) }),
    {
      maxLength: 4,
    },
  ),
  { minLength: 1, maxLength: 20 },
);

/** A publisher's frames and its snapshot after each of them. */
function history(batches: readonly (readonly { symbol: string; lastPrice: number }[])[], epoch = 'e') {
  const latest = new Map<string, Tick>();
  let tickSequence = 0;
  return batches.map((batch, index) => {
    const ticks = batch.map((update) => aTick({ ...update, sequence: ++tickSequence }));
    for (const tick of ticks) latest.set(tick.symbol, tick);
    const head = { epoch, sequence: index + 1, flushedAt: index, clockOffsetMs: null };
    const frame: Frame = { ...head, ticks, bars: [] };
    const snapshot: Snapshot = { ...head, ticks: [...latest.values()], barSequence: 0 };
    return { frame, snapshot };
  });
}

describe('Replica', () => {
  it('reaches the publisher’s state whatever is lost, repeated or late, once a snapshot follows each gap', () => {
    fc.assert(
      fc.property(updates, fc.array(fc.nat(), { maxLength: 40 }), (batches, deliveries) => {
        const steps = history(batches);
        const replica = new Replica();
        const deliver = (index: number) => {
          const step = steps[index % steps.length] as (typeof steps)[number];
          const outcome = replica.apply(step.frame, 'redis');
          // The snapshot is read after the gap was seen, so it is as new as the frame or newer.
          if (outcome === 'gap' || outcome === 'other-epoch') replica.reset(step.snapshot, 'redis');
        };
        deliveries.forEach(deliver);
        deliver(steps.length - 1);
        const last = steps.at(-1) as (typeof steps)[number];
        expect(new Map(replica.ticks)).toEqual(
          new Map(last.snapshot.ticks.map((tick) => [tick.symbol, tick])),
        );
        expect(replica.sequence).toBe(steps.length);
      }),
    );
  });

  it('reaches the newest publisher’s state across restarts of it, whatever else still arrives', () => {
    const terms = fc.array(updates, { minLength: 2, maxLength: 4 });
    const deliveries = fc.array(fc.tuple(fc.nat(), fc.nat(), fc.boolean()), { maxLength: 60 });
    fc.assert(
      fc.property(terms, deliveries, (allBatches, order) => {
        const epochs = allBatches.map((batches, term) => history(batches, `epoch-${term}`));
        const replica = new Replica();
        const deliver = (steps: (typeof epochs)[number], index: number, onlySnapshot = false) => {
          const step = steps[index % steps.length] as (typeof steps)[number];
          const outcome = onlySnapshot ? 'gap' : replica.apply(step.frame, 'redis');
          if (outcome === 'gap' || outcome === 'other-epoch') replica.reset(step.snapshot, 'redis');
        };
        for (const [term, index, onlySnapshot] of order) {
          deliver(epochs[term % epochs.length] as (typeof epochs)[number], index, onlySnapshot);
        }
        const newest = epochs.at(-1) as (typeof epochs)[number];
        deliver(newest, newest.length - 1);
        const { snapshot } = newest.at(-1) as (typeof newest)[number];
        // Symbols of earlier terms are gone, and nothing of them is left in those that stay.
        expect(new Map(replica.ticks)).toEqual(new Map(snapshot.ticks.map((tick) => [tick.symbol, tick])));
        expect([replica.epoch, replica.sequence]).toEqual([snapshot.epoch, snapshot.sequence]);
      }),
    );
  });

  it('never goes backwards', () => {
    const steps = history([[{ symbol: 'A', lastPrice: 1 }], [{ symbol: 'A', lastPrice: 2 }]]);
    const replica = new Replica();
    replica.reset(steps[1]?.snapshot as Snapshot, 'redis');
    expect(replica.apply(steps[0]?.frame as Frame, 'http')).toBe('old');
    expect(replica.reset(steps[0]?.snapshot as Snapshot, 'http')).toEqual([]);
    expect(replica.ticks.get('A')?.lastPrice).toBe(2);
  });

  it('does not fall back to the file of an earlier epoch', () => {
    const replica = new Replica();
    replica.reset(
      { epoch: 'new', sequence: 1, flushedAt: 2, clockOffsetMs: null, ticks: [aTick()], barSequence: 0 },
      'redis',
    );
    replica.reset(
      { epoch: 'old', sequence: 9, flushedAt: 1, clockOffsetMs: null, ticks: [], barSequence: 0 },
      'file',
    );
    expect(replica.epoch).toBe('new');
    expect(replica.ticks.size).toBe(1);
  });

  it('passes each bar on once, in order, and sees a missing one', () => {
    const replica = new Replica();
    const bars = Array.from({ length: 5 }, (_, index) => ({ sequence: index + 1 }) as Bar);
    expect(replica.takeBars(bars.slice(0, 2))).toEqual({ next: bars.slice(0, 2), missing: false });
    expect(replica.takeBars(bars.slice(3))).toEqual({ next: [], missing: true });
    expect(replica.takeBars(bars.slice(1))).toEqual({ next: bars.slice(2), missing: false });
    expect(replica.lostBars).toBe(0);
  });

  it('counts bars that can no longer be had, and goes on after them', () => {
    const replica = new Replica();
    replica.takeBars([{ sequence: 1 } as Bar]);
    expect(replica.takeBars([{ sequence: 4 } as Bar], true).next).toHaveLength(1);
    expect(replica.lostBars).toBe(2);
  });
});

describe('frames', () => {
  const bar: Bar = {
    symbol: 'A',
    intervalMs: 5_000,
    openTime: 0,
    open: 1,
    high: 2,
    low: 1,
    close: 2,
    volume: 3,
    trades: 1,
    bid: null,
    bidQuantity: null,
    ask: 2.1,
    askQuantity: 4,
    sequence: 7,
  };
  const frame: Frame = {
    epoch: 'e',
    sequence: 3,
    flushedAt: 9,
    clockOffsetMs: null,
    ticks: [aTick({ bid: null })],
    bars: [bar],
  };

  it('come back as they were, packed and as text', () => {
    expect(decodeFrame(encodeFrame(frame))).toEqual({ ...frame, installation: '' });
    expect(frameFromText(frameToText(frame))).toEqual(frame);
    const snapshot: Snapshot = {
      epoch: 'e',
      sequence: 3,
      flushedAt: 9,
      clockOffsetMs: null,
      ticks: frame.ticks,
      barSequence: 7,
    };
    expect(snapshotFromText(snapshotToText(snapshot))).toEqual(snapshot);
  });

  it('are ignored when they are none', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(decodeFrame(Buffer.from(bytes))).toBeUndefined();
      }),
    );
    expect(frameFromText('{"epoch":1}')).toBeUndefined();
    expect(snapshotFromText('<html>')).toBeUndefined();
  });
});
