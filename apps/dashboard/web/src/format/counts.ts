/** Orders and signals the dashboard lists in one answer; there may be more behind as many. */
const LISTED = 100;

/**
 * Number of things for a tab: the count itself, or `100+` when the list was cut.
 *
 * @param answered length of the list as last answered; `null` when it never was
 * @param known things on the page, those the stream brought since included
 */
export function countOf(answered: number | null, known: number): string | null {
  if (answered === null) return null;
  return answered >= LISTED ? `${LISTED}+` : String(known);
}
