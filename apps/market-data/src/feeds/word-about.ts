import { parseJson } from '@tickbridge/contracts';

/**
 * The part of a vendor's word that speaks of one market: `Open` of `{"NSE_EQ":"Open","MCX":"Close"}`.
 *
 * @param names what the vendor may call the market
 * @returns `undefined` when the word is no JSON or names none of them
 */
export function wordAbout(text: string, names: readonly string[]): string | undefined {
  const word = parseJson(text);
  const wanted = new Set(names.map((name) => name.toUpperCase()));
  const isWanted = (name: unknown) => typeof name === 'string' && wanted.has(name.trim().toUpperCase());
  const parts: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    // A row that names the market in one field says its state in another.
    const strings = Object.values(value).filter((one): one is string => typeof one === 'string');
    if (strings.some(isWanted)) parts.push(...strings.filter((one) => !isWanted(one)));
    for (const [key, one] of Object.entries(value)) {
      if (isWanted(key)) parts.push(typeof one === 'string' ? one : JSON.stringify(one));
      else visit(one);
    }
  };
  visit(word);
  return parts.length === 0 ? undefined : parts.join(' ');
}
