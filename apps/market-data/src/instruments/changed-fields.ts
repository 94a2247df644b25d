import { isDeepStrictEqual } from 'node:util';
import type { Instrument, InstrumentChange } from '@tickbridge/contracts';

/** Where a description comes from is not part of it. */
const PROVENANCE: ReadonlySet<string> = new Set(['asOf', 'source']);

/** The fields that two descriptions of one instrument differ in; `undefined` when they say the same. */
export function changedFields(
  before: Instrument,
  after: Instrument,
): Pick<InstrumentChange, 'before' | 'after'> | undefined {
  const changed = (Object.keys(after) as (keyof Instrument)[]).filter(
    (field) => !PROVENANCE.has(field) && !isDeepStrictEqual(before[field], after[field]),
  );
  if (changed.length === 0) return undefined;
  const pick = (from: Instrument) => Object.fromEntries(changed.map((field) => [field, from[field]]));
  return { before: pick(before), after: pick(after) };
}
