/** What a transaction ends with, to be sent together with its commit. */
export class LastStatement<T> {
  /** @param send sends one statement and no more */
  constructor(readonly send: () => Promise<T>) {}
}
