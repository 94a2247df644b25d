import { TokenRepository, type TokenRow } from '../../src/token-store/token.repository';

/** A durable home of tokens in memory, the same for every process of a test that is given its `Repository`. */
export function memoryTokens() {
  const rows = new Map<string, TokenRow>();
  const home = { rows, away: false };
  const id = (provider: string, accountId: string) => JSON.stringify([provider, accountId]);
  const reach = () => {
    if (home.away) throw new Error('PostgreSQL is away');
  };

  class MemoryTokenRepository extends TokenRepository {
    override async find(provider: string, accountId: string): Promise<TokenRow | undefined> {
      reach();
      return rows.get(id(provider, accountId));
    }

    override async save(row: TokenRow): Promise<void> {
      reach();
      rows.set(id(row.provider, row.accountId), row);
    }

    override async end(
      provider: string,
      accountId: string,
      endedAs: 'revoked' | 'rejected',
      at: number,
      savedAt?: number,
    ): Promise<boolean> {
      reach();
      const row = rows.get(id(provider, accountId));
      if (!row || (savedAt !== undefined && row.savedAt !== savedAt)) return false;
      rows.set(id(provider, accountId), { ...row, endedAs, endedAt: at });
      return true;
    }

    override async reencrypt(provider: string, accountId: string, from: string, to: string): Promise<void> {
      reach();
      const row = rows.get(id(provider, accountId));
      if (row?.ciphertext === from) rows.set(id(provider, accountId), { ...row, ciphertext: to });
    }

    override async list(provider?: string): Promise<readonly TokenRow[]> {
      reach();
      return [...rows.values()].filter((row) => provider === undefined || row.provider === provider);
    }
  }

  return Object.assign(home, { Repository: MemoryTokenRepository });
}
