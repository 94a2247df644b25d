/** A rule needs something that could not be found out. The order is denied with `NO_DATA`. */
export class MissingDataError extends Error {
  readonly code = 'NO_DATA';
  override readonly name = 'MissingDataError';

  constructor(readonly missing: string) {
    super(`${missing} is not known`);
  }
}

/** @throws MissingDataError naming what is absent */
export function known<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new MissingDataError(name);
  return value;
}
