import type { ChargeFile, Instrument, Product } from '@tickbridge/contracts';
import { aPair, aShare } from '../testing/instruments';
import { builtInCharges } from './built-in-charges';
import { ChargesUnknownError, UnknownChargePlanError } from './charge.errors';
import { chargeOverlaps } from './charge-overlaps';
import { ChargeTable } from './charge-table';

const share = aShare('ACME');
const future: Instrument = { ...share, assetClass: 'future', segment: 'FO' };
const option: Instrument = { ...future, assetClass: 'option' };
const american: Instrument = { ...share, exchange: 'NASDAQ', segment: null };
const table = new ChargeTable();

describe('the table of charges', () => {
  const rate = (item: string, plan: string, instrument: Instrument, product: Product, date: string) => {
    const found = table
      .termsOf({ plan, instrument, product, date })
      .terms.filter((term) => term.item === item);
    return found.map((term) => term.rate ?? term.perUnit ?? term.perOrder);
  };

  it.each<[string, string, Instrument, Product, [date: string, rate: string][]]>([
    [
      'zerodha/standard',
      'transaction-tax',
      future,
      'margin',
      [
        ['2021-04-01', '0.0001'],
        ['2023-03-31', '0.0001'],
        ['2023-04-01', '0.000125'],
        ['2024-09-30', '0.000125'],
        ['2024-10-01', '0.0002'],
        ['2026-03-31', '0.0002'],
        ['2026-04-01', '0.0005'],
      ],
    ],
    [
      'zerodha/standard',
      'transaction-tax',
      option,
      'margin',
      [
        ['2023-03-31', '0.0005'],
        ['2023-04-01', '0.000625'],
        ['2024-09-30', '0.000625'],
        ['2024-10-01', '0.001'],
        ['2026-03-31', '0.001'],
        ['2026-04-01', '0.0015'],
      ],
    ],
    [
      'zerodha/standard',
      'exchange',
      share,
      'intraday',
      [
        ['2023-03-31', '0.0000345'],
        ['2023-04-01', '0.0000325'],
        ['2024-03-31', '0.0000325'],
        ['2024-04-01', '0.0000322'],
        ['2024-09-30', '0.0000322'],
        ['2024-10-01', '0.0000297'],
        ['2026-02-28', '0.0000297'],
        ['2026-03-01', '0.000030699'],
      ],
    ],
    [
      'zerodha/standard',
      'investor-protection',
      share,
      'delivery',
      [
        ['2023-03-31', '0.000000001'],
        ['2023-04-01', '0.000001'],
        ['2026-02-28', '0.000001'],
        ['2026-03-01', '0.000000001'],
      ],
    ],
    [
      'zerodha/standard',
      'depository',
      share,
      'delivery',
      [
        ['2024-09-30', '13.5'],
        ['2024-10-01', '13'],
      ],
    ],
    [
      'alpaca/standard',
      'trading-activity',
      american,
      'delivery',
      [
        ['2025-12-31', '0.000166'],
        ['2026-01-01', '0.000195'],
        ['2026-09-30', '0.000195'],
        ['2026-10-01', '0'],
        ['2027-01-01', '0.000232'],
      ],
    ],
    [
      'alpaca/standard',
      'regulator',
      american,
      'delivery',
      [
        ['2026-04-03', '0'],
        ['2026-04-04', '0.0000206'],
      ],
    ],
  ])('%s: %s on each side of its borders', (plan, item, instrument, product, rows) => {
    for (const [date, expected] of rows)
      expect(rate(item, plan, instrument, product, date)).toEqual([expected]);
  });

  it.each<[string, Parameters<ChargeTable['termsOf']>[0], RegExp]>([
    [
      'a day before the first row',
      { plan: 'zerodha/standard', instrument: share, product: 'intraday', date: '2021-03-31' },
      /brokerage of equity \(intraday\) on NSE on 2021-03-31/,
    ],
    [
      'a day after the last row',
      { plan: 'alpaca/standard', instrument: american, product: 'delivery', date: '2029-01-02' },
      /trading-activity of equity \(delivery\) on NASDAQ/,
    ],
    [
      'an exchange the broker does not trade on',
      { plan: 'zerodha/standard', instrument: aPair('BTCUSDT'), product: 'spot', date: '2026-11-20' },
      /zerodha\/standard of crypto \(spot\) on BINANCE/,
    ],
    [
      'a product nobody charges',
      { plan: 'zerodha/standard', instrument: share, product: 'spot', date: '2026-11-20' },
      /zerodha\/standard of equity \(spot\)/,
    ],
    [
      'an index',
      {
        plan: 'zerodha/standard',
        instrument: { ...share, assetClass: 'index' },
        product: 'intraday',
        date: '2026-11-20',
      },
      /nobody trades/,
    ],
    [
      'a lot that is not known where lots are charged',
      {
        plan: 'sharekhan/standard',
        instrument: { ...option, quantityStep: null },
        product: 'margin',
        date: '2026-11-20',
      },
      /the lot of options/,
    ],
  ])('names %s instead of guessing', (_title, question, message) => {
    expect(() => table.termsOf(question)).toThrow(ChargesUnknownError);
    expect(() => table.termsOf(question)).toThrow(message);
  });

  it('names a plan that does not exist, and those that do', () => {
    const question = {
      plan: 'zerodha/gold',
      instrument: share,
      product: 'intraday',
      date: '2026-11-20',
    } as const;
    expect(() => table.termsOf(question)).toThrow(UnknownChargePlanError);
    expect(() => table.termsOf(question)).toThrow(/zerodha\/standard/);
  });

  it('takes a file of people in the place of one that comes with the platform, and gives it back', () => {
    const own = new ChargeTable();
    const sharekhan = builtInCharges().find(({ id }) => id === 'sharekhan') as ChargeFile & {
      kind: 'tariff';
    };
    const mine = sharekhan.plans.map((plan) => ({
      ...plan,
      rates: plan.rates.map((row) => ({ ...row, ...(row.rate && { rate: '0.0001' }) })),
    }));
    const brokerage = () =>
      own
        .termsOf({ plan: 'sharekhan/standard', instrument: share, product: 'intraday', date: '2026-11-20' })
        .terms.find(({ item }) => item === 'brokerage')?.rate;
    own.replaceFiles([{ ...sharekhan, plans: mine }]);
    expect(brokerage()).toBe('0.0001');
    own.replaceFiles([]);
    expect(brokerage()).toBe('0.0002');
  });

  it('has one row for each charge and day', () => {
    expect(builtInCharges().flatMap(chargeOverlaps)).toEqual([]);
    const [nse] = builtInCharges() as [ChargeFile & { kind: 'levies' }];
    const twice = { ...nse, rates: [...nse.rates, { ...nse.rates[0], from: '2022-01-01' }] } as ChargeFile;
    expect(chargeOverlaps(twice)).toEqual(['exchange has two rows on 2022-01-01']);
  });
});
