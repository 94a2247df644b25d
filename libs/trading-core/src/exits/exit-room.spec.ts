import fc from 'fast-check';
import { exitRoom } from './exit-room';

describe('what an order may still close', () => {
  it.each([
    ['all of a long, by a sale', 10, 'SELL', [], 10],
    ['all of a short, by a purchase', -10, 'BUY', [], 10],
    ['nothing of a long, by a purchase', 10, 'BUY', [], 0],
    ['nothing of nothing', 0, 'SELL', [], 0],
    ['what another exit leaves', 10, 'SELL', [{ side: 'SELL', remaining: 4 }], 6],
    ['nothing beside an exit of the whole', 10, 'SELL', [{ side: 'SELL', remaining: 10 }], 0],
    ['nothing beside more exits than there is', 10, 'SELL', [{ side: 'SELL', remaining: 12 }], 0],
    ['all of it, beside an order that adds', 10, 'SELL', [{ side: 'BUY', remaining: 5 }], 10],
    ['exact decimals', 0.3, 'SELL', [{ side: 'SELL', remaining: 0.1 }], 0.2],
  ] as const)('%s', (_title, held, side, others, room) => {
    expect(exitRoom(held, side, others).toNumber()).toBe(room);
  });

  it('exits that each ask for it never close more than is held', () => {
    const wish = fc.record({
      side: fc.constantFrom('BUY', 'SELL'),
      quantity: fc.integer({ min: 1, max: 50 }),
    });
    fc.assert(
      fc.property(fc.integer({ min: -100, max: 100 }), fc.array(wish), (held, wishes) => {
        const working: { side: 'BUY' | 'SELL'; remaining: number }[] = [];
        for (const { side, quantity } of wishes) {
          const remaining = Math.min(quantity, exitRoom(held, side, working).toNumber());
          if (remaining > 0) working.push({ side, remaining });
        }
        const closing = working.reduce((sum, { remaining }) => sum + remaining, 0);
        expect(closing).toBeLessThanOrEqual(Math.abs(held));
        expect(working.every(({ side }) => (held > 0 ? side === 'SELL' : side === 'BUY'))).toBe(true);
      }),
    );
  });
});
