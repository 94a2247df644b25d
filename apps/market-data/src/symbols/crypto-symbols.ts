/** Assets that Binance quotes prices in, as they end a pair's name. */
const QUOTE_ASSETS = [
  ...['USDT', 'USDC', 'FDUSD', 'TUSD', 'BUSD', 'USD1', 'DAI'],
  ...['BTC', 'ETH', 'BNB', 'EUR', 'TRY', 'BRL', 'JPY'],
];

const JOINED = new RegExp(`^[A-Z0-9]{2,20}(?:${QUOTE_ASSETS.join('|')})$`);
/** `BTC/USDT`, `BTC-USDT`, `BTC_USDT`, `BTC USDT`, `BTC:USDT` */
const SEPARATED = /^([A-Z0-9]{1,20})([/\-_: ])([A-Z0-9]{2,10})$/;

/**
 * Name of a crypto pair as Binance and the platform write it: `BTCUSDT`.
 *
 * @param text in any spelling: `btc/usdt`, `BTC-USDT`, `btcusdt`
 * @returns `undefined` when it is not written like a pair; one quoted in a rare asset needs its slash (`BTC/ARS`)
 */
export function cryptoPair(text: string): string | undefined {
  const name = text.trim().toUpperCase();
  const parts = SEPARATED.exec(name);
  if (parts !== null) {
    const [, base = '', separator, quote = ''] = parts;
    // A slash says that it is a pair, whatever it is quoted in; a hyphen also stands in names of shares.
    return separator === '/' || QUOTE_ASSETS.includes(quote) ? base + quote : undefined;
  }
  return JOINED.test(name) ? name : undefined;
}
