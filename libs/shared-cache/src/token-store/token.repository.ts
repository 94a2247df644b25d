/** A token as its durable home keeps it. */
export interface TokenRow {
  readonly provider: string;
  readonly accountId: string;
  /** Never the token in clear. */
  readonly ciphertext: string;
  /** Exact end of validity (ms since 1970). */
  readonly expiresAt: number;
  /** When it was saved, whatever became of it since (ms since 1970). */
  readonly savedAt: number;
  /** Taken back by a person, or refused by the broker; such a token is never used again. */
  readonly endedAs: 'revoked' | 'rejected' | null;
  /** When it was revoked or rejected last (ms since 1970). */
  readonly endedAt: number | null;
}

/** Durable home of broker tokens. The apps keep it in PostgreSQL. */
export abstract class TokenRepository {
  abstract find(provider: string, accountId: string): Promise<TokenRow | undefined>;
  /** Inserts or replaces the token of this provider and account. */
  abstract save(row: TokenRow): Promise<void>;
  /**
   * Marks the token as ended.
   *
   * @param savedAt only if it is still the one saved then; a later token stays as it is
   * @returns false when there is none
   */
  abstract end(
    provider: string,
    accountId: string,
    as: 'revoked' | 'rejected',
    at: number,
    savedAt?: number,
  ): Promise<boolean>;
  /** Replaces a ciphertext by the same token under another key; does nothing when it has changed meanwhile. */
  abstract reencrypt(provider: string, accountId: string, from: string, to: string): Promise<void>;
  abstract list(provider?: string): Promise<readonly TokenRow[]>;
}
