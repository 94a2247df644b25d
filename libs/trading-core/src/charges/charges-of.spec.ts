import type { Instrument, OrderSide, Product } from '@tickbridge/contracts';
import fc from 'fast-check';
import { aPair, aShare } from '../testing/instruments';
import { money, type MoneyInput } from '../money/money';
import { ChargeTable } from './charge-table';
import {
  addedCharges,
  chargesOf,
  chargesOfFill,
  chargeTexts,
  filledBy,
  roundTripCharges,
  totalOf,
  unfilled,
} from './charges-of';

const table = new ChargeTable();
const share = aShare('ACME');
const pair = aPair('BTCUSDT');
const future: Instrument = { ...share, assetClass: 'future', segment: 'FO', quantityStep: 65 };
const option: Instrument = { ...future, assetClass: 'option' };
const TODAY = '2026-11-20';

interface Trade {
  plan: string;
  instrument?: Instrument;
  product?: Product;
  side?: OrderSide;
  quantity?: number;
  price: MoneyInput;
  date?: string;
  dayCharged?: boolean;
}

function charged({
  plan,
  instrument = share,
  product = 'intraday',
  side = 'BUY',
  quantity = 1,
  price,
  date = TODAY,
  dayCharged = false,
}: Trade) {
  const terms = table.termsOf({ plan, instrument, product, date });
  return chargesOf(filledBy(unfilled(side, dayCharged), { quantity, price }), terms);
}

describe('charges of an order', () => {
  it.each<[string, Trade, Record<string, string>, string]>([
    [
      'ShareKhan, 50,000 bought for delivery',
      { plan: 'sharekhan/standard', product: 'delivery', quantity: 50, price: 1000 },
      {
        brokerage: '150',
        exchange: '1.53',
        regulator: '0.05',
        'transaction-tax': '50',
        'stamp-duty': '7.5',
        'service-tax': '27.28',
      },
      '236.36',
    ],
    [
      'ShareKhan, 50,000 of delivery sold, with the depository',
      { plan: 'sharekhan/standard', product: 'delivery', side: 'SELL', quantity: 50, price: 1000 },
      {
        brokerage: '150',
        depository: '20.5',
        exchange: '1.53',
        regulator: '0.05',
        'transaction-tax': '50',
        'service-tax': '30.97',
      },
      '253.05',
    ],
    [
      'the second sale of the day pays no depository again',
      {
        plan: 'sharekhan/standard',
        product: 'delivery',
        side: 'SELL',
        quantity: 50,
        price: 1000,
        dayCharged: true,
      },
      {
        brokerage: '150',
        exchange: '1.53',
        regulator: '0.05',
        'transaction-tax': '50',
        'service-tax': '27.28',
      },
      '228.86',
    ],
    [
      'ShareKhan, a share of five rupees: at least one paisa a share',
      { plan: 'sharekhan/standard', quantity: 1000, price: 5 },
      { brokerage: '10', exchange: '0.15', regulator: '0.01', 'stamp-duty': '0.15', 'service-tax': '1.83' },
      '12.14',
    ],
    [
      'Zerodha, 400 at 1,000 bought within the day: brokerage capped at 20',
      { plan: 'zerodha/standard', quantity: 400, price: 1000 },
      { brokerage: '20', exchange: '12.28', regulator: '0.4', 'stamp-duty': '12', 'service-tax': '5.88' },
      '50.56',
    ],
    [
      'Zerodha, 400 at 1,100 sold within the day',
      { plan: 'zerodha/standard', side: 'SELL', quantity: 400, price: 1100 },
      {
        brokerage: '20',
        exchange: '13.51',
        regulator: '0.44',
        'transaction-tax': '110',
        'service-tax': '6.11',
      },
      '150.06',
    ],
    [
      'Zerodha, delivery: no brokerage, 15.34 for the depository with its tax',
      { plan: 'zerodha/standard', product: 'delivery', side: 'SELL', quantity: 1, price: 1 },
      { depository: '13', 'service-tax': '2.34' },
      '15.34',
    ],
    [
      'Zerodha, a future of 20 lakh sold: 0.05 % tax',
      { plan: 'zerodha/standard', instrument: future, side: 'SELL', quantity: 65, price: 30769.230769230769 },
      {
        brokerage: '20',
        exchange: '36.6',
        regulator: '2',
        'transaction-tax': '1000',
        'service-tax': '10.55',
      },
      '1069.15',
    ],
    [
      'ShareKhan, two lots of an option: 20 a lot',
      { plan: 'sharekhan/standard', instrument: option, quantity: 130, price: 100 },
      { brokerage: '40', exchange: '4.62', regulator: '0.01', 'stamp-duty': '0.39', 'service-tax': '8.03' },
      '53.05',
    ],
    [
      'Binance, 0.1 %',
      { plan: 'binance/vip0', instrument: pair, product: 'spot', quantity: 1, price: '1234.56789' },
      { brokerage: '1.23456789' },
      '1.23456789',
    ],
    [
      'Binance, paid in BNB at a quarter less',
      { plan: 'binance/vip0-bnb', instrument: pair, product: 'spot', quantity: 2, price: 1000 },
      { brokerage: '1.5' },
      '1.5',
    ],
  ])('%s', (_title, trade, items, total) => {
    const charges = charged(trade);
    expect(chargeTexts(charges)).toEqual(items);
    expect(totalOf(charges).toFixed()).toBe(total);
  });

  it('are none before the first fill', () => {
    const terms = table.termsOf({
      plan: 'zerodha/standard',
      instrument: option,
      product: 'intraday',
      date: TODAY,
    });
    expect(chargesOf(unfilled('BUY'), terms).size).toBe(0);
  });

  it('tell a maker from a taker', () => {
    const terms = table.termsOf({ plan: 'binance/vip1', instrument: pair, product: 'spot', date: TODAY });
    const order = [true, false].reduce(
      (filled, maker) => filledBy(filled, { quantity: 1, price: 1000, maker }),
      unfilled('BUY'),
    );
    expect(totalOf(chargesOf(order, terms)).toFixed()).toBe('1.9');
  });

  it('of a round trip are those of purchase and sale', () => {
    const terms = table.termsOf({
      plan: 'zerodha/standard',
      instrument: share,
      product: 'intraday',
      date: TODAY,
    });
    expect(totalOf(roundTripCharges({ quantity: 400, price: 1000 }, terms)).toFixed()).toBe('189.12');
  });
});

describe('splitting an order into fills', () => {
  const plans = fc.constantFrom(
    ...(['sharekhan/standard', 'zerodha/standard'] as const).flatMap((plan) =>
      (['delivery', 'intraday'] as const).map((product) => ({ plan, product, instrument: share })),
    ),
    { plan: 'sharekhan/standard', product: 'intraday' as const, instrument: option },
    { plan: 'zerodha/standard', product: 'margin' as const, instrument: future },
    { plan: 'binance/vip1', product: 'spot' as const, instrument: pair },
  );
  const fills = fc.array(
    fc.record({
      quantity: fc.integer({ min: 1, max: 500 }),
      price: fc.integer({ min: 1, max: 10_000_000 }).map((paise) => paise / 100),
      maker: fc.boolean(),
    }),
    { minLength: 1, maxLength: 12 },
  );

  it('changes nothing, and no fill is paid for being made', () => {
    fc.assert(
      fc.property(plans, fills, fc.constantFrom<OrderSide>('BUY', 'SELL'), (question, parts, side) => {
        const terms = table.termsOf({ ...question, date: TODAY });
        let order = unfilled(side);
        const each = parts.map((part) => {
          const charges = chargesOfFill(order, part, terms);
          order = filledBy(order, part);
          return charges;
        });
        for (const charges of each) for (const amount of charges.values()) expect(amount.gt(0)).toBe(true);
        expect(chargeTexts(addedCharges(each))).toEqual(chargeTexts(chargesOf(order, terms)));
        expect(money(totalOf(addedCharges(each))).eq(totalOf(chargesOf(order, terms)))).toBe(true);
      }),
    );
  });
});
