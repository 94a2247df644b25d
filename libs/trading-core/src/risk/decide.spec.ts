import fc from 'fast-check';
import { aContext, aHolding } from '../testing/risk-context';
import { decide } from './decide';
import { DEFAULT_LIMITS } from './default-limits';
import { effectiveLimits, limitsInForce, type ScopedLimits } from './effective-limits';
import type { RiskContext } from './risk-context';
import { deny, type RiskRule } from './risk-rule';

const agrees: RiskRule = { name: 'agrees', check: () => undefined };
const first: RiskRule = { name: 'first', check: () => deny('FIRST', 'no', { figure: 1 }) };
const second: RiskRule = { name: 'second', check: () => deny('SECOND', 'no') };
const broken: RiskRule = {
  name: 'broken',
  check() {
    throw new TypeError('cannot read');
  },
};

describe('a decision', () => {
  it('lets a protective stop go without a price, beyond the collar and past the limits of the day', () => {
    const stop = {
      side: 'SELL',
      type: 'STOP_LIMIT',
      limitPrice: 85,
      triggerPrice: 90,
      reduceOnly: true,
      protective: true,
    } as const;
    const context = {
      holdings: [aHolding(100)],
      market: { lastPrice: null, bid: null, ask: null, ageMs: null },
      ownMarket: undefined,
      ordersToday: undefined,
    };
    expect(decide(aContext({ ...context, order: stop }))).toMatchObject({ code: 'APPROVED' });
    expect(decide(aContext({ ...context, order: { ...stop, quantity: 101 } }))).toMatchObject({
      code: 'WOULD_NOT_REDUCE',
    });
    expect(decide(aContext({ ...context, order: { ...stop, protective: false } })).approved).toBe(false);
  });

  it('approves when every rule agrees', () => {
    expect(decide(aContext())).toEqual({
      approved: true,
      code: 'APPROVED',
      message: 'All rules agree',
      rule: null,
      figures: {},
      limit: null,
    });
  });

  it('is made by the first rule that denies, with its figures', () => {
    expect(decide(aContext(), [agrees, first, second])).toEqual({
      approved: false,
      code: 'FIRST',
      message: 'no',
      rule: 'first',
      figures: { figure: 1 },
      limit: null,
    });
  });

  it('names the limit that was binding and the scope it comes from', () => {
    const { limits, origins } = limitsInForce(
      DEFAULT_LIMITS.INR,
      [{ scope: { kind: 'symbol', key: 'ACME' }, limits: { maxOrderQuantity: 99 } }],
      { symbol: 'ACME' },
    );
    const context = { ...aContext({ limits }), limitOrigins: origins };
    expect(decide(context)).toMatchObject({
      code: 'ORDER_QUANTITY',
      figures: { quantity: 100, maxOrderQuantity: 99 },
      limit: { name: 'maxOrderQuantity', value: 99, origin: { kind: 'symbol', key: 'ACME' } },
    });
  });

  it('denies when a rule throws', () => {
    expect(decide(aContext(), [agrees, broken, first])).toMatchObject({
      approved: false,
      code: 'CHECK_FAILED',
      rule: 'broken',
    });
  });

  it('denies whatever piece of the context is missing', () => {
    const pieces = [
      'account',
      'tradingState',
      'calendar',
      'limits',
      'holdings',
      'openOrders',
      'ordersOfSignal',
      'ordersOfBar',
      'ordersToday',
      'ordersTodayInSymbol',
      'ordersOfMinute',
      'openingEquity',
      'previousClose',
      'equityPeak',
      'losingStreak',
      'lastExitAt',
    ] as const satisfies (keyof RiskContext)[];
    fc.assert(
      fc.property(fc.subarray([...pieces], { minLength: 1 }), (missing) => {
        const context = aContext();
        const holes = Object.fromEntries(missing.map((piece) => [piece, undefined]));
        expect(decide({ ...context, ...holes })).toMatchObject({ approved: false, code: 'NO_DATA' });
      }),
    );
  });
});

describe('the limits in force', () => {
  const defaults = DEFAULT_LIMITS.INR;
  const scoped: ScopedLimits[] = [
    { scope: { kind: 'account', key: 'A' }, limits: { maxOrderNotional: 500_000, maxOpenOrders: 2 } },
    { scope: { kind: 'global' }, limits: { maxOrderNotional: 250_000 } },
    { scope: { kind: 'strategy', key: 'S' }, limits: { maxOrderNotional: 40_000 } },
    { scope: { kind: 'symbol', key: 'X' }, limits: { maxOrderNotional: 30_000 } },
  ];

  it.each([
    ['the defaults, when nobody changed anything', [], {}, defaults.maxOrderNotional],
    ['the global setting replaces the default', scoped, {}, 250_000],
    ['an account cannot loosen the global setting', scoped, { accountId: 'A' }, 250_000],
    ['a strategy tightens it', scoped, { accountId: 'A', strategy: 'S' }, 40_000],
    ['the tightest of all wins', scoped, { accountId: 'A', strategy: 'S', symbol: 'X' }, 30_000],
    ['scopes of others do not bind', scoped, { accountId: 'B', strategy: 'T', symbol: 'Y' }, 250_000],
  ])('%s', (_title, set, target, expected) => {
    expect(effectiveLimits(defaults, set, target).maxOrderNotional).toBe(expected);
  });

  it('take the longest of several pauses', () => {
    const pauses: ScopedLimits[] = [
      { scope: { kind: 'account', key: 'A' }, limits: { exitPauseMs: 1 } },
      { scope: { kind: 'strategy', key: 'S' }, limits: { exitPauseMs: 3_600_000 } },
    ];
    const { limits, origins } = limitsInForce(defaults, pauses, { accountId: 'A', strategy: 'S' });
    expect(limits.exitPauseMs).toBe(3_600_000);
    expect(origins.exitPauseMs).toEqual({ kind: 'strategy', key: 'S' });
    expect(origins.maxOpenOrders).toEqual({ kind: 'default' });
  });

  it('leave what a scope does not name untouched', () => {
    expect(effectiveLimits(defaults, scoped, { accountId: 'A' })).toEqual({
      ...defaults,
      maxOrderNotional: 250_000,
      maxOpenOrders: 2,
    });
  });
});
