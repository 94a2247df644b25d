import fc from 'fast-check';
import { type Instrument, instrumentSchema } from '@tickbridge/contracts';
import { knownInstrument } from '@tickbridge/trading-core';
import { parseExchangeInfo } from './binance.instruments';
import { parseInstruments } from './csv.instruments';
import { NoListError } from './instrument-source';
import { nearestNames } from './nearest-names';
import { parseSymbolMaster } from './truedata.instruments';

const AT = '2026-11-29T00:00:00.000Z';

/** A row as Binance writes it; what a test does not say is PEPEUSDT's. */
function pairRow(values: object = {}): object {
  return {
    symbol: 'PEPEUSDT',
    status: 'TRADING',
    baseAsset: 'PEPE',
    quoteAsset: 'USDT',
    isMarginTradingAllowed: true,
    filters: [
      { filterType: 'PRICE_FILTER', minPrice: '0.00000001', maxPrice: '1.00000000', tickSize: '0.00000001' },
      { filterType: 'LOT_SIZE', minQty: '1.00000000', maxQty: '4611686018.00000000', stepSize: '1.00000000' },
      { filterType: 'MARKET_LOT_SIZE', minQty: '0.00000000', maxQty: '4512000000.5', stepSize: '0.00000000' },
      { filterType: 'NOTIONAL', minNotional: '1.00000000', applyMinToMarket: true, maxNotional: '9000000.0' },
    ],
    ...values,
  };
}

const binance = (rows: readonly unknown[]) => parseExchangeInfo(rows, 'exchangeInfo', AT);

describe("Binance's list", () => {
  it('gives steps, bounds, products and decimals to show', () => {
    const { instruments, unreadableRows } = binance([pairRow()]);
    expect(unreadableRows).toBe(0);
    expect(instrumentSchema.parse(instruments[0])).toMatchObject({
      symbol: 'PEPEUSDT',
      name: 'PEPE/USDT',
      currency: 'USDT',
      priceSteps: [{ upTo: null, step: 1e-8 }],
      priceDecimals: 8,
      quantityStep: 1,
      minQuantity: 1,
      maxQuantity: 4_611_686_018,
      maxMarketQuantity: 4_512_000_000.5,
      minNotional: 1,
      minNotionalAppliesToMarket: true,
      products: ['spot', 'margin'],
      shortProducts: ['margin'],
      status: 'trading',
    });
  });

  it('takes no pair for one of the spot market that is none, and no step of zero for a step', () => {
    const products = (values: object) => binance([pairRow(values)]).instruments[0]?.products;
    expect(products({ isSpotTradingAllowed: false })).toEqual(['margin']);
    expect(products({ isSpotTradingAllowed: false, isMarginTradingAllowed: false })).toEqual([]);
    const free = { filterType: 'LOT_SIZE', minQty: '0.00000000', maxQty: '9000', stepSize: '0.00000000' };
    expect(binance([pairRow({ filters: [free] })]).instruments[0]).toMatchObject({
      quantityStep: null,
      minQuantity: null,
      priceSteps: null,
    });
  });

  it('has the pairs whose names no pattern would take', () => {
    const rows = [
      ['SUSDT', 'S', 'USDT'],
      ['BTCPLN', 'BTC', 'PLN'],
      ['1000SATSUSDT', '1000SATS', 'USDT'],
      ['币安人生USDT', '币安人生', 'USDT'],
    ].map(([symbol, baseAsset, quoteAsset]) => pairRow({ symbol, baseAsset, quoteAsset }));
    expect(
      binance(rows).instruments.map(({ symbol, baseAsset, currency }) => [symbol, baseAsset, currency]),
    ).toEqual([
      ['SUSDT', 'S', 'USDT'],
      ['BTCPLN', 'BTC', 'PLN'],
      ['1000SATSUSDT', '1000SATS', 'USDT'],
      ['币安人生USDT', '币安人生', 'USDT'],
    ]);
  });

  it('takes the older filter of the least value, and leaves absent what is not said', () => {
    const old = { filterType: 'MIN_NOTIONAL', minNotional: '10', applyToMarket: false };
    expect(
      binance([pairRow({ filters: [old], status: 'BREAK', isMarginTradingAllowed: false })]).instruments[0],
    ).toMatchObject({
      minNotional: 10,
      minNotionalAppliesToMarket: false,
      priceSteps: null,
      quantityStep: null,
      shortProducts: [],
      status: 'halted',
    });
  });

  it('loses no more than the row it cannot read', () => {
    const { instruments, unreadableRows } = binance([
      null,
      { symbol: 7 },
      pairRow(),
      'x',
      pairRow({ filters: 3 }),
    ]);
    expect([instruments.length, unreadableRows]).toEqual([1, 4]);
  });
});

const HEADER = 'symbolid,symbol,series,isin,exchange,lotsize,ticksize,expiry,strike,underlying,companyname';
const master = (segment: 'eq' | 'in' | 'fo' | 'cds', ...rows: string[]) =>
  parseSymbolMaster([HEADER, ...rows].join('\n'), { feed: 'truedata', segment, source: 'list', asOf: AT });

describe("TrueData's list", () => {
  it.each<[string, 'eq' | 'in' | 'fo' | 'cds', string, Partial<Instrument>]>([
    [
      'a share',
      'eq',
      '100000001,M&M,EQ,INE101A01026,NSE,1,0.05,,,,"Mahindra & Mahindra, Limited"',
      {
        symbol: 'M&M',
        assetClass: 'stock',
        name: 'Mahindra & Mahindra, Limited',
        quantityStep: 1,
        priceSteps: [{ upTo: null, step: 0.05 }],
        priceDecimals: 2,
        products: ['delivery', 'intraday'],
        shortProducts: ['intraday'],
        calendar: 'NSE_EQUITY',
        hasPriceBand: true,
      },
    ],
    [
      'an index',
      'in',
      '200000001,NIFTY 50,IN,,NSE,,,,,,',
      { symbol: 'NIFTY 50', assetClass: 'index', products: [], quantityStep: null, priceSteps: null },
    ],
    [
      'a future',
      'fo',
      '900000001,NIFTY24DECFUT,XX,,NSE,25,0.05,2024-12-26T00:00:00,,NIFTY,',
      {
        assetClass: 'future',
        quantityStep: 25,
        products: ['margin'],
        derivative: {
          kind: 'future',
          underlying: 'NIFTY',
          expiry: '2024-12-26',
          strike: null,
          multiplier: 1,
        },
      },
    ],
    [
      'a put of half a rupee',
      'fo',
      '900000002,RELIANCE2509251400.5PE,PE,,NSE,250,0.05,2025-09-25T00:00:00,1400.5,RELIANCE,',
      {
        assetClass: 'option',
        derivative: {
          kind: 'put',
          underlying: 'RELIANCE',
          expiry: '2025-09-25',
          strike: 1_400.5,
          multiplier: 1,
        },
      },
    ],
    [
      'a continuous future without an expiry',
      'fo',
      '900000003,NIFTY-I,XX,,NSE,,0.05,1970-01-01T00:00:00,,NIFTY,',
      {
        symbol: 'NIFTY-I',
        quantityStep: null,
        derivative: { kind: 'future', underlying: 'NIFTY', expiry: null, strike: null, multiplier: 1 },
      },
    ],
    [
      'a rupee future with finer steps',
      'cds',
      '900000004,USDINR26DECFUT,XX,,NSE,1000,0.0025,2026-12-29,,USDINR,',
      {
        assetClass: 'future',
        calendar: 'NSE_CURRENCY',
        priceDecimals: 4,
        quantityStep: 1_000,
        derivative: {
          kind: 'future',
          underlying: 'USDINR',
          expiry: '2026-12-29',
          strike: null,
          multiplier: null,
        },
      },
    ],
  ])('has %s', async (_title, segment, row, expected) => {
    const { instruments } = await master(segment, row);
    expect(instrumentSchema.parse(instruments[0])).toMatchObject(expected);
  });

  it('is found by the names of its columns, in whatever order and case', async () => {
    const text = 'TickSize;Symbol\n'.replace(';', ',') + '0.1,ITC';
    const { instruments } = await parseSymbolMaster(text, {
      feed: 'truedata',
      segment: 'eq',
      source: 'l',
      asOf: AT,
    });
    expect(instruments[0]).toMatchObject({ symbol: 'ITC', priceSteps: [{ upTo: null, step: 0.1 }] });
  });

  it.each(['', 'Invalid User Credentials', 'No data exists for segment fo', '<html></html>'])(
    'is none when the vendor says "%s"',
    async (text) => {
      await expect(
        parseSymbolMaster(text, { feed: 'truedata', segment: 'eq', source: 'list', asOf: AT }),
      ).rejects.toThrow(NoListError);
    },
  );

  it.each([
    ['EQ', ['delivery', 'intraday'], ['intraday']],
    ['BE', ['delivery'], []],
    ['BZ', ['delivery'], []],
  ])('lets series %s be held as %j, and sold short as %j', async (series, products, shortProducts) => {
    const { instruments } = await master('eq', `1,ITC,${series},,NSE,1,0.05`);
    expect(instruments[0]).toMatchObject({ products, shortProducts });
  });

  it('counts a row without a symbol and keeps the others', async () => {
    const { instruments, unreadableRows } = await master('eq', '1,,EQ', '2,ITC,EQ,,NSE,1,0.05');
    expect([instruments.map(({ symbol }) => symbol), unreadableRows]).toEqual([['ITC'], 1]);
  });
});

describe("a user's file", () => {
  const own = (text: string) =>
    parseInstruments(text, {
      feed: 'truedata',
      source: 'mine.csv',
      asOf: AT,
      base: (symbol) => knownInstrument('truedata', symbol),
    });

  it('changes the fields it names of an instrument that is listed', () => {
    const { instruments } = own('symbol,freezeQuantity,aliases\nINFY,5000,INFOSYS|INFOSYSLTD');
    expect(instruments[0]).toEqual({
      ...knownInstrument('truedata', 'INFY'),
      freezeQuantity: 5_000,
      aliases: ['INFOSYS', 'INFOSYSLTD'],
      source: 'mine.csv',
      asOf: AT,
    });
  });

  it('describes a new one', () => {
    const { instruments } = own(
      'symbol,exchange,assetClass,currency,priceStep,quantityStep,products,kind,underlying,expiry\n' +
        'nifty26decfut,NSE,future,inr,0.05,75,margin,future,NIFTY,2026-12-29',
    );
    expect(instrumentSchema.parse(instruments[0])).toMatchObject({
      symbol: 'NIFTY26DECFUT',
      currency: 'INR',
      quantityStep: 75,
      derivative: { kind: 'future', underlying: 'NIFTY', expiry: '2026-12-29' },
    });
  });

  it.each([
    ['says too little of a new one', 'symbol\nNEW'],
    ['has a column that means nothing', 'symbol,colour\nINFY,red'],
    ['has a figure that is none', 'symbol,quantityStep\nINFY,-1'],
    ['has no symbol', 'symbol,exchange\n,NSE'],
  ])('is told of a row that %s', (_title, text) => {
    expect(own(text)).toMatchObject({ instruments: [], unreadableRows: 1 });
  });

  it('leaves rows of other feeds to those', () => {
    expect(own('feed,symbol\nbinance,BTCUSDT')).toEqual({ instruments: [], unreadableRows: 0 });
  });
});

describe('any text', () => {
  it('ends no list reader', async () => {
    const facts = { feed: 'truedata', segment: 'eq', source: 'list', asOf: AT } as const;
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.string().map((rest) => `symbol,lotsize\n${rest}`),
        ),
        async (text) => {
          for (const parse of [
            () => parseSymbolMaster(text, facts),
            () => parseInstruments(text, { ...facts, base: () => undefined }),
          ]) {
            try {
              await parse();
            } catch (error) {
              expect(error).toBeInstanceOf(Error);
            }
          }
        },
      ),
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.jsonValue(), fc.record({ symbol: fc.string(), filters: fc.jsonValue() }))),
        (rows) => {
          const { instruments, unreadableRows } = binance(rows);
          expect(instruments.length + unreadableRows).toBe(rows.length);
        },
      ),
    );
  });
});

describe('the nearest names', () => {
  const listed = ['BTCUSDT', 'BTCUSDC', 'ETHUSDT', 'ITC', 'INFY'];

  it.each([
    ['BTCUSTD', ['BTCUSDC', 'BTCUSDT']],
    ['infi', ['INFY']],
    ['XYZ', []],
  ])('of %s are %j', (name, nearest) => {
    expect(nearestNames(name, listed, 2)).toEqual(nearest);
  });
});
