import { randomBytes } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { RedisConnection } from '../../src/connection/redis.connection';
import { SessionStore } from '../../src/sessions/session-store';
import { keys } from '../../src/contract/shared-cache.keys';
import { type PrivateRedis, waitFor } from '../../src/testing';
import { TokenStore } from '../../src/token-store/token-store';
import { sharedCache, startRedis } from '../harness';
import { memorySessions } from '../stores/memory-sessions';
import { memoryTokens } from '../stores/memory-tokens';

const HOUR_MS = 3_600_000;
const ADMIN = { id: 'u1', name: 'admin' };

describe('Failures seen in the systems this replaces: tokens and sessions', () => {
  const tokens = memoryTokens();
  const sessions = memorySessions();
  const tokenEncryptionKeys = [randomBytes(32).toString('base64')];
  let redis: PrivateRedis;
  let context: INestApplicationContext;

  async function start(): Promise<void> {
    const parts = { tokens: tokens.Repository, sessions: sessions.Repository };
    context = await sharedCache(redis.options, parts, { tokenEncryptionKeys });
    await waitFor(() => context.get(RedisConnection).available);
  }

  beforeEach(async () => {
    tokens.rows.clear();
    sessions.rows.clear();
    redis = await startRedis();
    await start();
  });

  afterEach(async () => {
    await context.close();
    await redis.stop();
  });

  it('Token saved under one user id and read under another; wildcard look-up returning someone else’s token', async () => {
    const store = context.get(TokenStore);
    await store.save('sharekhan', 'MASTER_USER_001', 'secret', Date.now() + HOUR_MS);
    expect(await store.read('sharekhan', 'MASTER_USER_001')).toMatchObject({ token: 'secret' });
    for (const accountId of [
      'PAPER_TRADER_001',
      '*',
      '%',
      'MASTER*',
      'MASTER_USER_00_',
      'master_user_001',
      '',
    ]) {
      expect(await store.read('sharekhan', accountId)).toBeUndefined();
      expect(await store.read('*', accountId)).toBeUndefined();
    }
    // Not even a row that was filed under another account, by hand or by mistake, gives the token away.
    const [row] = await new tokens.Repository().list();
    if (!row) throw new Error('the token was not saved');
    await new tokens.Repository().save({ ...row, accountId: 'PAPER_TRADER_001' });
    await expect(store.read('sharekhan', 'PAPER_TRADER_001')).rejects.toMatchObject({
      code: 'TOKEN_UNREADABLE',
    });
    await redis.foreign.copy(keys.token('sharekhan', 'MASTER_USER_001'), keys.token('sharekhan', 'B'));
    expect(await store.read('sharekhan', 'B')).toBeUndefined();
  });

  it('Expiry in a separate key nobody checks', async () => {
    const store = context.get(TokenStore);
    const expiresAt = Date.now() + 200;
    await store.save('sharekhan', 'A', 'secret', expiresAt);
    const { session } = await context.get(SessionStore).create(ADMIN, null);
    // One key each, which itself ends with what it holds.
    expect((await redis.foreign.keys('*')).filter((key) => !key.startsWith('cache:')).sort()).toEqual(
      [keys.token('sharekhan', 'A'), keys.session(session.idHash)].sort(),
    );
    expect(await redis.foreign.pexpiretime(keys.token('sharekhan', 'A'))).toBe(expiresAt);
    expect(await redis.foreign.pexpiretime(keys.session(session.idHash))).toBe(session.expiresAt);
    // And who reads checks by himself, whatever became of the key.
    await redis.foreign.persist(keys.token('sharekhan', 'A'));
    await waitFor(async () => (await store.read('sharekhan', 'A')) === undefined);
    expect(Date.now()).toBeGreaterThanOrEqual(expiresAt);
  });

  it('Session listing blind after restart', async () => {
    const { id } = await context.get(SessionStore).create(ADMIN, 'before');
    await context.close();
    await redis.kill();
    await redis.start();
    await start();
    const store = context.get(SessionStore);
    expect((await store.list(ADMIN.id)).map(({ userAgent }) => userAgent)).toEqual(['before']);
    await store.create(ADMIN, 'after');
    expect((await store.list(ADMIN.id)).map(({ userAgent }) => userAgent).sort()).toEqual([
      'after',
      'before',
    ]);
    // What is listed is what is accepted.
    expect(await store.find(id)).toMatchObject({ userAgent: 'before' });
    const [first] = await store.list(ADMIN.id);
    expect(await store.revoke(first?.idHash ?? '')).toBe(true);
    expect(await store.list(ADMIN.id)).toHaveLength(1);
  });
});
