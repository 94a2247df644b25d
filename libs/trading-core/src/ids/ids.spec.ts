import fc from 'fast-check';
import { z } from 'zod';
import { deterministicId } from './deterministic-id';
import { clientOrderId, orderId, paperTradeId, signalId } from './trading-ids';

describe('derived ids', () => {
  it('are valid UUIDs for any parts', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.integer())), (parts) => {
        expect(z.uuid().safeParse(deterministicId(...parts)).success).toBe(true);
      }),
    );
  });

  it('stay the same for ever', () => {
    expect(deterministicId('signal', 'replay', 1)).toBe('9f185fdd-5fbb-886b-9da7-3ea31bb32030');
  });

  it.each([
    [
      ['ab', 'c'],
      ['a', 'bc'],
    ],
    [[1], ['1']],
    [['a'], ['a', '']],
  ])('%j and %j give different ids', (left, right) => {
    expect(deterministicId(...left)).not.toBe(deterministicId(...right));
  });

  it('give one order per signal and account, and one trade id per fill', () => {
    const signal = signalId('replay', 'momentum-breakout', 'BTCUSDT', 1_723_161_255_000, 'BUY');
    const order = orderId(signal, 'PAPER_TRADER_001');
    expect(orderId(signal, 'PAPER_TRADER_001')).toBe(order);
    expect(orderId(signal, 'PAPER_TRADER_002')).not.toBe(order);
    expect(paperTradeId(order, 1)).not.toBe(paperTradeId(order, 2));
    expect(clientOrderId(order)).toMatch(/^TB-[0-9a-f]{24}$/);
  });
});
