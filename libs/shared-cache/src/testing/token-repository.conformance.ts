import type { TokenRepository, TokenRow } from '../token-store/token.repository';

const HOUR_MS = 3_600_000;

/** What every `TokenRepository` keeps; call it inside a spec file. */
export function describeTokenRepository(
  name: string,
  open: () => Promise<TokenRepository>,
  close: () => Promise<void>,
): void {
  describe(`${name} as the durable home of tokens`, () => {
    let tokens: TokenRepository;
    let tests = 0;
    /** Of each test's own: nothing of one test reaches another. */
    let provider: string;

    beforeAll(async () => {
      tokens = await open();
    });

    beforeEach(() => {
      tests += 1;
      provider = `provider-${tests}`;
    });

    afterAll(close);

    const row = (over: Partial<TokenRow> = {}): TokenRow => ({
      provider,
      accountId: 'MASTER_USER_001',
      ciphertext: 'v1.key.body',
      expiresAt: Date.now() + HOUR_MS,
      savedAt: Date.now(),
      endedAs: null,
      endedAt: null,
      ...over,
    });

    it('gives back a row as it was saved', async () => {
      const saved = row({ ciphertext: `v1.key.${'x'.repeat(10_000)}`, accountId: 'Konto "ä" / नमस्ते' });
      await tokens.save(saved);
      expect(await tokens.find(provider, saved.accountId)).toEqual(saved);
    });

    it.each(['MASTER_USER_00%', 'MASTER_USER_00_', 'MASTER_USER_*', 'master_user_001', 'MASTER_USER', ''])(
      'takes the account "%s" for nobody else’s',
      async (accountId) => {
        await tokens.save(row());
        expect(await tokens.find(provider, accountId)).toBeUndefined();
        expect(await tokens.end(provider, accountId, 'revoked', Date.now())).toBe(false);
        expect(await tokens.find(provider, 'MASTER_USER_001')).toMatchObject({ endedAs: null });
      },
    );

    it('keeps accounts and providers apart', async () => {
      const other = row({ provider: `${provider}-b`, ciphertext: 'v1.key.b' });
      const rows = [row(), row({ accountId: 'PAPER_TRADER_001', ciphertext: 'v1.key.c' }), other];
      for (const each of rows) await tokens.save(each);
      for (const each of rows) expect(await tokens.find(each.provider, each.accountId)).toEqual(each);
      expect(await tokens.find(`${provider}-b`, 'PAPER_TRADER_001')).toBeUndefined();
    });

    it('replaces the row before, also one that was ended', async () => {
      await tokens.save(row());
      await tokens.end(provider, 'MASTER_USER_001', 'rejected', Date.now());
      const next = row({ ciphertext: 'v1.key.next', expiresAt: Date.now() + 2 * HOUR_MS });
      await tokens.save(next);
      expect(await tokens.list(provider)).toEqual([next]);
    });

    it.each(['revoked', 'rejected'] as const)(
      'marks a token as %s, and leaves the rest of it',
      async (as) => {
        const saved = row();
        await tokens.save(saved);
        const at = saved.savedAt + 5;
        expect(await tokens.end(provider, saved.accountId, as, at)).toBe(true);
        expect(await tokens.find(provider, saved.accountId)).toEqual({
          ...saved,
          endedAs: as,
          endedAt: at,
        });
      },
    );

    it('says when there is none to end', async () => {
      expect(await tokens.end(provider, 'MASTER_USER_001', 'revoked', Date.now())).toBe(false);
    });

    it('ends the token that is meant, not one that was saved after it', async () => {
      const saved = row();
      await tokens.save(saved);
      const later = { ...saved, ciphertext: 'v1.key.later', savedAt: saved.savedAt + 1 };
      await tokens.save(later);
      const { accountId } = saved;
      expect(await tokens.end(provider, accountId, 'rejected', Date.now(), saved.savedAt)).toBe(false);
      expect(await tokens.find(provider, accountId)).toEqual(later);
      expect(await tokens.end(provider, accountId, 'rejected', Date.now(), later.savedAt)).toBe(true);
      expect(await tokens.find(provider, accountId)).toMatchObject({ endedAs: 'rejected' });
    });

    it('replaces a ciphertext by the same token under another key, and leaves the rest', async () => {
      const saved = row({ ciphertext: 'v1.old.body' });
      await tokens.save(saved);
      await tokens.reencrypt(provider, saved.accountId, 'v1.old.body', 'v1.new.body');
      expect(await tokens.find(provider, saved.accountId)).toEqual({ ...saved, ciphertext: 'v1.new.body' });
    });

    it('does not replace a ciphertext that has changed meanwhile, or that is not there', async () => {
      const saved = row({ ciphertext: 'v1.key.newer' });
      await tokens.save(saved);
      await tokens.reencrypt(provider, saved.accountId, 'v1.key.older', 'v1.new.older');
      await tokens.reencrypt(provider, 'NOBODY', 'v1.key.older', 'v1.new.older');
      expect(await tokens.list(provider)).toEqual([saved]);
    });

    it('does not bring an ended token back by a new ciphertext', async () => {
      const saved = row();
      await tokens.save(saved);
      await tokens.end(provider, saved.accountId, 'revoked', Date.now());
      await tokens.reencrypt(provider, saved.accountId, saved.ciphertext, 'v1.new.body');
      expect(await tokens.find(provider, saved.accountId)).toMatchObject({ endedAs: 'revoked' });
    });

    it('lists every token of a provider, or of all, whatever its state', async () => {
      await tokens.save(row({ accountId: 'A', expiresAt: Date.now() - 1 }));
      await tokens.save(row({ accountId: 'B' }));
      await tokens.end(provider, 'B', 'revoked', Date.now());
      await tokens.save(row({ provider: `${provider}-b`, accountId: 'C' }));
      const accounts = (rows: readonly TokenRow[]) => rows.map(({ accountId }) => accountId).sort();
      expect(accounts(await tokens.list(provider))).toEqual(['A', 'B']);
      expect(accounts(await tokens.list())).toEqual(expect.arrayContaining(['A', 'B', 'C']));
      expect(await tokens.list('no-such-provider')).toEqual([]);
    });

    it('holds one whole row after many were saved at once', async () => {
      const saved = Array.from({ length: 20 }, (_, at) =>
        row({ ciphertext: `v1.key.${at}`, expiresAt: Date.now() + at }),
      );
      await Promise.all(saved.map((each) => tokens.save(each)));
      const [held, ...others] = await tokens.list(provider);
      expect(others).toEqual([]);
      expect(saved).toContainEqual(held);
    });
  });
}
