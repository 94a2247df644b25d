import { InstrumentTable } from '@tickbridge/trading-core';
import { AlpacaVendor, LOGIN } from '../testing/alpaca-vendor';
import { AlpacaInstruments, parseAssets } from './alpaca.instruments';

const AS_OF = '2026-11-27T00:00:00.000Z';
/** As the documentation shows one; least sizes and increments stand with crypto only. */
const AAPL = {
  id: 'b0b6dd9d-8b9b-48a9-ba46-b9d54906e415',
  class: 'us_equity',
  exchange: 'NASDAQ',
  symbol: 'AAPL',
  name: 'Apple Inc. Common Stock',
  status: 'active',
  tradable: true,
  marginable: true,
  maintenance_margin_requirement: 30,
  shortable: true,
  easy_to_borrow: true,
  fractionable: true,
  attributes: ['fractional_eh_enabled', 'has_options'],
};

describe("Alpaca's list of assets", () => {
  it('becomes instruments with the steps that bind US shares', () => {
    const { instruments, unreadableRows } = parseAssets(
      [
        AAPL,
        { ...AAPL, symbol: 'BRK.B', exchange: 'NYSE', name: 'Berkshire Hathaway', fractionable: false },
        { ...AAPL, symbol: 'HARD', easy_to_borrow: false },
        { ...AAPL, symbol: 'CASH', marginable: false },
        { ...AAPL, symbol: 'DARK', exchange: 'OTC', tradable: false },
        { ...AAPL, symbol: '' },
        'no row',
      ],
      'a test',
      AS_OF,
    );
    expect(unreadableRows).toBe(2);
    expect(instruments[0]).toMatchObject({
      feed: 'alpaca',
      symbol: 'AAPL',
      exchange: 'NASDAQ',
      assetClass: 'stock',
      currency: 'USD',
      calendar: 'US_EQUITY',
      priceSteps: [
        { upTo: 0.9999, step: 0.0001 },
        { upTo: null, step: 0.01 },
      ],
      quantityStep: 1,
      products: ['delivery', 'margin'],
      shortProducts: ['margin'],
      status: 'trading',
    });
    const shortable = instruments.filter(({ shortProducts }) => shortProducts.length > 0);
    expect(shortable.map(({ symbol }) => symbol)).toEqual(['AAPL', 'BRK.B']);
    expect(instruments.find(({ symbol }) => symbol === 'DARK')?.products).toEqual([]);
    const table = new InstrumentTable(instruments);
    for (const name of ['brk.b', 'BRK-B', 'BRK/B', 'NYSE:BRK.B'])
      expect(table.find(name)?.symbol).toBe('BRK.B');
    expect(table.find('AAPL.US')?.symbol).toBe('AAPL');
  });

  it('is asked for by the active shares, with the login in the headers', async () => {
    const vendor = new AlpacaVendor();
    const { tradingUrl } = await vendor.listen();
    vendor.answers.set('/v2/assets', () => [AAPL]);
    const source = new AlpacaInstruments({ ...LOGIN, tradingUrl });
    expect((await source.read()).instruments).toHaveLength(1);
    expect(vendor.asked[0]?.search).toBe('?status=active&asset_class=us_equity');
    expect(vendor.keys).toEqual([LOGIN.key]);
    vendor.answers.set('/v2/assets', () => ({ message: 'forbidden.' }));
    await expect(source.read()).rejects.toThrow('no list of assets');
    await vendor.close();
  });
});
