import fc from 'fast-check';
import { type Tick, tickFromJson, tickJsonSchema, tickToJson, tickToText } from './tick';

const price = fc.double({ min: 0.01, max: 1e6, noNaN: true });
const quantity = fc.nat();
const time = fc.integer({ min: 0, max: 4_102_444_800_000 });
const ticks = fc.record<Tick>({
  symbol: fc.string({ minLength: 1 }),
  assetClass: fc.constantFrom('stock', 'index', 'future', 'option', 'crypto', 'macro'),
  lastPrice: price,
  lastQuantity: fc.option(quantity),
  volume: fc.option(quantity),
  open: fc.option(price),
  high: fc.option(price),
  low: fc.option(price),
  previousClose: fc.option(price),
  change: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 })),
  changePercent: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 })),
  bid: fc.option(price),
  bidQuantity: fc.option(quantity),
  ask: fc.option(price),
  askQuantity: fc.option(quantity),
  openInterest: fc.option(quantity),
  eventTime: time,
  tradedAt: fc.option(time),
  receivedAt: time,
  lagMs: quantity,
  sequence: quantity,
  source: fc.constantFrom('simulator', 'truedata', 'binance', 'replay'),
});

describe('a tick on the wire', () => {
  it('comes back as it was, to the millisecond', () => {
    fc.assert(
      fc.property(ticks, (tick) => {
        const read = tickJsonSchema.parse(JSON.parse(JSON.stringify(tickToJson(tick))));
        // JSON knows no negative zero.
        const plain = { ...tick, change: tick.change === null ? null : tick.change + 0 };
        const expected = {
          ...plain,
          changePercent: tick.changePercent === null ? null : tick.changePercent + 0,
        };
        expect(tickFromJson(read)).toEqual(expected);
      }),
    );
  });

  it('has one text, however it is made', () => {
    fc.assert(
      fc.property(ticks, (tick) => {
        expect(tickToText(tick)).toBe(JSON.stringify(tickToJson(tick)));
      }),
    );
  });

  it.each([
    ['a price of zero', { lastPrice: 0 }],
    ['a negative bid', { bid: -1 }],
    ['a time without a zone', { eventTime: '2026-01-05T09:15:00' }],
    ['an unknown source', { source: 'rumour' }],
    ['no symbol', { symbol: '' }],
  ])('is refused with %s', (_title, change) => {
    const [tick] = fc.sample(ticks, 1);
    expect(tickJsonSchema.safeParse({ ...tickToJson(tick as Tick), ...change }).success).toBe(false);
  });
});
