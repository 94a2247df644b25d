import type { Tick } from '@tickbridge/contracts';
import { Subject } from 'rxjs';
import { ConflatedChanges } from '../src/live-market-data/conflated-changes';
import { waitFor } from '../src/testing';
import { aTick } from './harness';

const tick = (symbol: string, lastPrice: number) => aTick({ symbol, lastPrice });

describe('changes at the reader’s pace', () => {
  let ticks$: Subject<readonly Tick[]>;
  let changes: ConflatedChanges;

  beforeEach(() => {
    ticks$ = new Subject();
    changes = new ConflatedChanges(ticks$);
  });

  it('come one by one to a reader that keeps up', async () => {
    const seen: number[] = [];
    const reading = (async () => {
      for await (const [only] of changes) seen.push(only?.lastPrice ?? Number.NaN);
    })();
    for (const price of [1, 2, 3]) {
      await waitFor(() => ticks$.observed);
      ticks$.next([tick('A', price)]);
      await waitFor(() => seen.length === price);
    }
    ticks$.complete();
    await reading;
    expect(seen).toEqual([1, 2, 3]);
  });

  it('come as the newest of each symbol to a reader that is slow, and the last is never missed', async () => {
    const iterator = changes[Symbol.asyncIterator]();
    const first = iterator.next();
    ticks$.next([tick('A', 0)]);
    await first;
    for (let price = 1; price <= 10_000; price += 1) ticks$.next([tick('A', price), tick('B', -price)]);
    const { value } = (await iterator.next()) as { value: readonly Tick[] };
    expect(value.map(({ symbol, lastPrice }) => [symbol, lastPrice])).toEqual([
      ['A', 10_000],
      ['B', -10_000],
    ]);
    ticks$.complete();
    expect((await iterator.next()).done).toBe(true);
  });

  it('come to each reader at its own pace, and to none that left', async () => {
    const [fast, slow] = [changes[Symbol.asyncIterator](), changes[Symbol.asyncIterator]()];
    const asked = [fast.next(), slow.next()];
    ticks$.next([tick('A', 1)]);
    await Promise.all(asked);
    await fast.return?.();
    ticks$.next([tick('A', 2)]);
    expect(((await slow.next()) as { value: readonly Tick[] }).value[0]?.lastPrice).toBe(2);
    await slow.return?.();
    expect(ticks$.observed).toBe(false);
  });
});
