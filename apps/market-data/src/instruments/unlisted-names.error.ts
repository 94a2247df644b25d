/** Names that no list has. */
export class UnlistedNamesError extends Error {
  override readonly name = 'UnlistedNamesError';

  /** @param refused each name with the nearest listed ones */
  constructor(readonly refused: readonly { name: string; nearest: readonly string[] }[]) {
    super(
      refused
        .map(({ name, nearest }) =>
          nearest.length === 0
            ? `${name} is not listed`
            : `${name} is not listed; the nearest names are ${nearest.join(', ')}`,
        )
        .join('; '),
    );
  }
}
