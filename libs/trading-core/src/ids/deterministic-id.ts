import { createHash } from 'node:crypto';

/** A part of a derived id. Times go in as milliseconds, never as formatted text. */
export type IdPart = string | number;

/**
 * UUID (RFC 9562, version 8) derived from its parts: the same parts give the same id on every run and machine.
 *
 * The parts are hashed as a JSON array, so `('ab', 'c')` and `('a', 'bc')` differ, as do `1` and `'1'`.
 *
 * @returns lower-case UUID text
 */
export function deterministicId(...parts: readonly IdPart[]): string {
  const bytes = createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
