/** What a trade does to the figures of a market. */
export type TradeEffect = 'price-and-volume' | 'volume' | 'nothing';

/** The consolidated tapes give some letters meanings of their own: A and B are NYSE's and the regional exchanges', C is Nasdaq's. */
type Plan = 'CTA' | 'UTP';

/**
 * Sale conditions and what a trade with them does.
 *
 * Source: CTS and UTP output specifications as repeated at https://polygon.io/glossary/us/stocks/conditions-indicators;
 * Alpaca follows them in its bars (https://alpaca.markets/learn-api/stock-minute-bars). What may only make the first price
 * of a day makes none here.
 */
const CONDITIONS: Readonly<Record<string, TradeEffect | Readonly<Record<Plan, TradeEffect>>>> = {
  // Regular sale.
  '': 'price-and-volume',
  '@': 'price-and-volume',
  // Acquisition, automatic execution, intermarket sweep, rule 155, sold last, opening print, distribution.
  A: 'price-and-volume',
  D: 'price-and-volume',
  E: 'price-and-volume',
  F: 'price-and-volume',
  K: 'price-and-volume',
  L: 'price-and-volume',
  O: 'price-and-volume',
  // Split trade, cross trade, yellow flag, stopped stock, re-opening print, closing print.
  S: 'price-and-volume',
  X: 'price-and-volume',
  Y: 'price-and-volume',
  '1': 'price-and-volume',
  '5': 'price-and-volume',
  '6': 'price-and-volume',
  // An average of prices on one tape, several trades of one price told as one on the other.
  B: { CTA: 'volume', UTP: 'price-and-volume' },
  // Cash sale, bunched sold, price variation, odd lot, next day, prior reference price, seller.
  C: 'volume',
  G: 'volume',
  H: 'volume',
  I: 'volume',
  N: 'volume',
  P: 'volume',
  R: 'volume',
  // Extended hours, extended hours out of sequence, contingent, average price, out of sequence, derivatively priced, qualified contingent.
  T: 'volume',
  U: 'volume',
  V: 'volume',
  W: 'volume',
  Z: 'volume',
  '4': 'volume',
  '7': 'volume',
  // Official open, official close and corrected close repeat what was traded.
  M: 'nothing',
  Q: 'nothing',
  '9': 'nothing',
};

/**
 * What a trade does, by its conditions: it makes a price only if each of them lets it.
 *
 * A condition that is not in the table makes no price: a wrong last price is worse than an old one.
 *
 * @param conditions codes as the vendor sends them; no list at all is a regular sale
 * @param tape `A`, `B` or `C`
 */
export function effectOf(conditions: unknown, tape: unknown): TradeEffect {
  if (!Array.isArray(conditions)) return 'price-and-volume';
  const plan: Plan = tape === 'C' ? 'UTP' : 'CTA';
  const effects = conditions.map((code) => effectOfOne(code, plan));
  if (effects.includes('nothing')) return 'nothing';
  return effects.includes('volume') ? 'volume' : 'price-and-volume';
}

function effectOfOne(code: unknown, plan: Plan): TradeEffect {
  const key = typeof code === 'string' ? code.trim() : 'unreadable';
  const effect = Object.hasOwn(CONDITIONS, key) ? CONDITIONS[key] : undefined;
  if (effect === undefined) return 'volume';
  return typeof effect === 'string' ? effect : effect[plan];
}
