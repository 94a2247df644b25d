/**
 * Number of a vendor's field, which most vendors send as text.
 *
 * @returns `NaN` for anything that is not a plain number, the empty text included, so that a missing
 *   field is never taken for zero
 */
export function numberOf(field: unknown): number {
  if (typeof field === 'number') return field;
  if (typeof field !== 'string' || field.trim() === '') return Number.NaN;
  return Number(field);
}
