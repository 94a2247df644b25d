import { signalSchema } from '@tickbridge/contracts';
import { Calendars } from '../sessions/calendars';
import type { Strategy } from '../strategies/strategy';
import { aBar, FIRST_BAR_MS } from '../testing/bars';
import { planOrder } from './plan-order';
import { entrySignal, exitSignals, type EngineContext } from './signal-engine';

const context: EngineContext = {
  source: 'truedata',
  calendar: new Calendars().of('NSE_EQUITY'),
  now: FIRST_BAR_MS + 5_000,
};
const eager: Strategy = {
  id: 'eager',
  parameters: {},
  isWarm: () => true,
  onBar: (bar) => ({
    action: 'BUY',
    strength: 0.5,
    confidence: 0.5,
    price: bar.close,
    stopLoss: 95,
    target: 110,
    reason: 'always',
    components: {},
  }),
};
const position = {
  strategy: 'eager',
  symbol: 'ACME',
  quantity: 10,
  stopLoss: 101,
  target: 110,
  trailingStop: null,
  squareOffTime: null,
};

describe('the signal engine', () => {
  it('gives the same signal, id included, for the same bar', () => {
    const signal = entrySignal(aBar(), eager, context);
    expect(signalSchema.parse(signal)).toEqual(signal);
    expect(entrySignal(aBar(), eager, context)).toEqual(signal);
  });

  it('gives another id for another bar, symbol or feed', () => {
    const ids = [
      entrySignal(aBar(), eager, context),
      entrySignal(aBar({ openTime: FIRST_BAR_MS + 5_000 }), eager, context),
      entrySignal(aBar({ symbol: 'OTHER' }), eager, context),
      entrySignal(aBar(), eager, { ...context, source: 'simulator' }),
    ].map((signal) => signal?.id);
    expect(new Set(ids).size).toBe(4);
  });

  it.each([
    ['the pre-open', '2026-11-20T09:05:00+05:30'],
    ['the closing session', '2026-11-20T15:45:00+05:30'],
  ])(
    'shows strategies and positions no bar of %s: no order meets the price of an auction',
    (_phase, time) => {
      const bar = aBar({ openTime: Date.parse(time) });
      expect(entrySignal(bar, eager, context)).toBeUndefined();
      expect(exitSignals(bar, [position], context)).toEqual([]);
    },
  );

  it('exits each strategy at most once per bar, however many accounts hold the position', () => {
    const others = { ...position, strategy: 'other' };
    const signals = exitSignals(aBar(), [position, position, others], context);
    expect(signals.map(({ strategy, action }) => [strategy, action])).toEqual([
      ['eager', 'EXIT'],
      ['other', 'EXIT'],
    ]);
    for (const signal of signals) expect(signalSchema.parse(signal)).toEqual(signal);
  });

  it('lets each account leave alone that has levels of its own', () => {
    const own = (accountId: string, quantity: number, stopLoss: number) => ({
      ...position,
      strategy: 'manual',
      accountId,
      quantity,
      stopLoss,
      target: null,
    });
    const positions = [own('A', 10, 101), own('B', 10, 50), own('C', -10, 90)];
    const signals = exitSignals(aBar(), positions, context);
    expect(signals.map(({ accountId }) => accountId)).toEqual(['A', 'C']);
    expect(new Set(signals.map(({ id }) => id)).size).toBe(2);
    expect(exitSignals(aBar(), positions, context)).toEqual(signals);
    for (const signal of signals) expect(signalSchema.parse(signal)).toEqual(signal);
  });

  it('ignores positions of other symbols and flat ones', () => {
    const irrelevant = [
      { ...position, symbol: 'OTHER' },
      { ...position, quantity: 0 },
    ];
    expect(exitSignals(aBar(), irrelevant, context)).toEqual([]);
  });
});

describe('the order plan', () => {
  it.each([
    ['BUY', 0, { kind: 'open', side: 'BUY' }],
    ['SELL', 0, { kind: 'open', side: 'SELL' }],
    ['BUY', 10, { kind: 'none', reason: 'position-open' }],
    ['SELL', -10, { kind: 'none', reason: 'position-open' }],
    ['SELL', 10, { kind: 'close', side: 'SELL', quantity: 10 }],
    ['BUY', -10, { kind: 'close', side: 'BUY', quantity: 10 }],
    ['EXIT', 10, { kind: 'close', side: 'SELL', quantity: 10 }],
    ['EXIT', -0.5, { kind: 'close', side: 'BUY', quantity: 0.5 }],
    ['EXIT', 0, { kind: 'none', reason: 'no-position' }],
  ] as const)('%s with %d held: %j', (action, quantity, plan) => {
    expect(planOrder({ action }, quantity)).toEqual(plan);
  });
});
