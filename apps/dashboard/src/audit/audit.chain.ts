import { createHash } from 'node:crypto';

/** What stands before the first row. */
export const NO_HASH = '0'.repeat(64);

/** A row as it goes into the chain. */
export interface AuditContent {
  sequence: number;
  /** ISO 8601 with milliseconds. */
  at: string;
  actor: string;
  action: string;
  target: string | null;
  outcome: string;
  address: string | null;
  /** Canonical JSON. */
  detail: string;
}

/** Hash of a row: over the hash before it and its own content, so that no row can be changed, left out or moved. */
export function hashOf(previousHash: string, row: AuditContent): string {
  const { sequence, at, actor, action, target, outcome, address, detail } = row;
  // A list of JSON values has one reading; joined texts could be cut elsewhere.
  const content = JSON.stringify([
    previousHash,
    sequence,
    at,
    actor,
    action,
    target,
    outcome,
    address,
    detail,
  ]);
  return createHash('sha256').update(content).digest('hex');
}

/** JSON with sorted names: equal content is equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** Follows a chain row by row. */
export class ChainCheck {
  private hash = NO_HASH;
  private sequence = 0;
  rows = 0;
  brokenAt: number | null = null;

  /** Takes the next row, oldest first; the first that does not follow is kept. */
  add(row: AuditContent & { previousHash: string; hash: string }): void {
    const follows =
      row.sequence === this.sequence + 1 &&
      row.previousHash === this.hash &&
      row.hash === hashOf(this.hash, row);
    if (!follows) this.brokenAt ??= row.sequence;
    this.rows += 1;
    this.sequence = row.sequence;
    this.hash = row.hash;
  }
}
