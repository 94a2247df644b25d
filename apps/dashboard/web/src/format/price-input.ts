/** A price as it was typed: `null` where nothing was, `undefined` where it is none. Digit groups may be set apart by commas. */
export function priceInput(text: string): number | null | undefined {
  const typed = text.trim();
  if (typed === '') return null;
  if (!/^(\d+|\d{1,3}(,\d{2,3})+)(\.\d+)?$/.test(typed)) return undefined;
  const price = Number(typed.replaceAll(',', ''));
  return price > 0 ? price : undefined;
}
