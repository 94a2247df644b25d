import { type AssetClass, DEFAULT_NSE_SYMBOLS } from '@tickbridge/contracts';
import { US_MAJORS } from '../feeds/alpaca/alpaca.feed';
import { BINANCE_MAJORS } from '../feeds/binance/binance.feed';
import { dialectOf } from './dialect';

describe('names of instruments', () => {
  const indian = dialectOf('truedata');
  const binance = dialectOf('binance');
  const us = dialectOf('alpaca');

  it.each<[string, string, AssetClass]>([
    ['NIFTY', 'NIFTY 50', 'index'],
    ['nifty  50', 'NIFTY 50', 'index'],
    ['NIFTY50', 'NIFTY 50', 'index'],
    ['BANKNIFTY', 'NIFTY BANK', 'index'],
    ['NIFTY IT', 'NIFTY IT', 'index'],
    ['Sensex', 'SENSEX', 'index'],
    ['NIFTY-I', 'NIFTY-I', 'future'],
    ['banknifty-ii', 'BANKNIFTY-II', 'future'],
    ['NIFTY25SEPFUT', 'NIFTY25SEPFUT', 'future'],
    ['CRUDEOIL-I', 'CRUDEOIL-I', 'future'],
    ['NIFTY25093025300CE', 'NIFTY25093025300CE', 'option'],
    ['reliance2509251400.5pe', 'RELIANCE2509251400.5PE', 'option'],
    ['M&M2509253600CE', 'M&M2509253600CE', 'option'],
    ['INDIAVIX', 'INDIA VIX', 'macro'],
    ['India VIX', 'INDIA VIX', 'macro'],
    ['USDINR', 'USDINR', 'macro'],
    ['USDINR-I', 'USDINR-I', 'future'],
    ['RELIANCE', 'RELIANCE', 'stock'],
    ['nse:reliance', 'RELIANCE', 'stock'],
    ['RELIANCE.NS', 'RELIANCE', 'stock'],
    ['RELIANCE-EQ', 'RELIANCE', 'stock'],
    ['RELIANCE_BSE', 'RELIANCE_BSE', 'stock'],
    ['BSE:RELIANCE', 'RELIANCE_BSE', 'stock'],
    ['reliance.bo', 'RELIANCE_BSE', 'stock'],
    ['BAJAJ-AUTO', 'BAJAJ-AUTO', 'stock'],
    ['L&TFH', 'L&TFH', 'stock'],
    ['3MINDIA', '3MINDIA', 'stock'],
    // Neither a month nor a strike: a share whose name ends like an option.
    ['ACE', 'ACE', 'stock'],
    ['CE', 'CE', 'stock'],
  ])('on Indian feeds, %s is %s of class %s', (text, symbol, assetClass) => {
    expect(indian.canonical(text)).toBe(symbol);
    expect(indian.assetClass(symbol)).toBe(assetClass);
    expect(indian.canonical(symbol)).toBe(symbol);
  });

  it.each([
    ['btc/usdt', 'BTCUSDT'],
    ['BTC-USDT', 'BTCUSDT'],
    ['btcusdt', 'BTCUSDT'],
    ['Btc_Usdt', 'BTCUSDT'],
    ['ETH/BTC', 'ETHBTC'],
    ['1000SATSUSDT', '1000SATSUSDT'],
    ['btc/ars', 'BTCARS'],
  ])('on Binance, %s is %s', (text, symbol) => {
    expect(binance.canonical(text)).toBe(symbol);
    expect(binance.assetClass(symbol)).toBe('crypto');
    expect(indian.canonical(text)).toBeUndefined();
  });

  it.each(['RELIANCE', 'NIFTY', 'NIFTY-I', 'BAJAJ-AUTO', 'USDT', '', 'a/b/c'])(
    'on Binance, %s is no pair',
    (text) => {
      expect(binance.canonical(text)).toBeUndefined();
    },
  );

  it.each([
    ['aapl', 'AAPL'],
    ['NASDAQ:AAPL', 'AAPL'],
    ['AAPL.US', 'AAPL'],
    ['brk-b', 'BRK.B'],
    ['BRK/B', 'BRK.B'],
    ['nyse:brk.b', 'BRK.B'],
  ])('at Alpaca, %s is %s', (text, symbol) => {
    expect(us.canonical(text)).toBe(symbol);
    expect(us.assetClass(symbol)).toBe('stock');
  });

  it.each(['NIFTY 50', 'M&M', 'BTC/USDT', '1000SATSUSDT', ''])('at Alpaca, %s is no share', (text) => {
    expect(us.canonical(text)).toBeUndefined();
  });

  it('keeps an index, its future and its options apart', () => {
    const names = [
      'NIFTY',
      'NIFTY-I',
      'NIFTY-II',
      'NIFTY25SEPFUT',
      'NIFTY25093025300CE',
      'NIFTY25093025300PE',
    ];
    expect(new Set(names.map((name) => indian.canonical(name))).size).toBe(names.length);
  });

  it('takes every name a feed subscribes by default for its own', () => {
    for (const symbol of DEFAULT_NSE_SYMBOLS) expect(indian.canonical(symbol)).toBe(symbol);
    for (const symbol of US_MAJORS) expect(us.canonical(symbol)).toBe(symbol);
    for (const symbol of BINANCE_MAJORS) expect(binance.canonical(symbol)).toBe(symbol);
  });
});
