import { distance } from 'fastest-levenshtein';

/** The listed names that a name is likeliest a slip of, the nearest first. */
export function nearestNames(name: string, listed: Iterable<string>, count = 3): string[] {
  const wanted = name.toUpperCase();
  // A name of three letters that differs in all of them is no slip.
  const furthest = Math.max(1, Math.floor(wanted.length / 2));
  return [...listed]
    .map((symbol) => ({ symbol, away: distance(wanted, symbol) }))
    .filter(({ away }) => away <= furthest)
    .sort((a, b) => a.away - b.away || (a.symbol < b.symbol ? -1 : 1))
    .slice(0, count)
    .map(({ symbol }) => symbol);
}
