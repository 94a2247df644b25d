const EXPONENT = /(?<![\w.])(\d)(?:\.(\d+))?e([+-]\d+)(?!\w)/g;

/** A number as people write it: every digit, no exponent, `0.00000042`. */
export function plainNumber(value: number): string {
  return plainNumbers(String(value));
}

/** A sentence with its numbers as people write them. */
export function plainNumbers(text: string): string {
  return text.replace(EXPONENT, (_, whole: string, fraction: string | undefined, exponent: string) =>
    shifted(whole, fraction ?? '', Number(exponent)),
  );
}

function shifted(whole: string, fraction: string, places: number): string {
  if (places < 0) return `0.${'0'.repeat(-places - 1)}${whole}${fraction}`;
  return `${whole}${fraction}${'0'.repeat(places - fraction.length)}`;
}
