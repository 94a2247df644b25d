import { z } from 'zod';

/**
 * Readers of what comes from outside: total functions, which answer "unreadable" and never throw.
 */

/**
 * Deepest nesting that any message of the platform or a vendor has a use for, with room to spare. Deeper values are legal
 * JSON, but whatever walks them, checks them or turns them back into text can run out of stack.
 */
export const MAX_JSON_DEPTH = 32;

/**
 * Value of a JSON text.
 *
 * @param maxDepth objects and arrays nested deeper make the text unreadable
 * @returns `undefined`, which no JSON text means, for anything that cannot be read
 */
export function parseJson(text: string, maxDepth = MAX_JSON_DEPTH): unknown {
  if (isDeeperThan(text, maxDepth)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The caller counts it: this is an answer, not a failure.
    return undefined;
  }
}

/** The same for a text that has to hold an object; `undefined` for everything else. */
export function parseJsonObject(
  text: string,
  maxDepth = MAX_JSON_DEPTH,
): Record<string, unknown> | undefined {
  const value = parseJson(text, maxDepth);
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

function isDeeperThan(text: string, maxDepth: number): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === BACKSLASH) index += 1;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if (code === OPEN_BRACKET || code === OPEN_BRACE) {
      depth += 1;
      if (depth > maxDepth) return true;
    } else if (code === CLOSE_BRACKET || code === CLOSE_BRACE) depth -= 1;
  }
  return false;
}

/** A decimal number as people and vendors write it: `-1204.35`, `1e-8`; no hexadecimal, no `Infinity`, no blanks within. */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i;
/** No figure of a market needs more characters. */
const LONGEST_DECIMAL = 64;

/**
 * Number of a field that is a number or its decimal text.
 *
 * @returns `NaN` for anything else, the empty text included, so that a missing field is never taken for zero
 */
export function decimalOf(field: unknown): number {
  if (typeof field === 'number') return Number.isFinite(field) ? field : Number.NaN;
  if (typeof field !== 'string' || field.length > LONGEST_DECIMAL) return Number.NaN;
  const text = field.trim();
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : Number.NaN;
}

/** A field that holds a number or its decimal text; anything else is refused. */
export const decimalField = z.unknown().transform(decimalOf).pipe(z.number());
