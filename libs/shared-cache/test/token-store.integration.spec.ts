import { randomBytes } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { RedisConnection } from '../src/connection/redis.connection';
import { keys } from '../src/contract/shared-cache.keys';
import { type PrivateRedis, waitFor } from '../src/testing';
import { TokenStore } from '../src/token-store/token-store';
import { sharedCache, startRedis } from './harness';
import { memoryTokens } from './stores/memory-tokens';

const home = memoryTokens();
const { rows } = home;
const parts = { tokens: home.Repository };

const TOKEN = 'eyJhbGciOi-very-secret';
const HOUR = 3_600_000;

describe('TokenStore', () => {
  let redis: PrivateRedis;
  let context: INestApplicationContext;
  let store: TokenStore;

  beforeEach(async () => {
    rows.clear();
    redis = await startRedis();
    const tokenEncryptionKeys = [randomBytes(32).toString('base64')];
    context = await sharedCache(redis.options, parts, { tokenEncryptionKeys });
    await waitFor(() => context.get(RedisConnection).available);
    store = context.get(TokenStore);
  });

  afterEach(async () => {
    await context.close();
    await redis.stop();
  });

  it('gives an account its own token and nobody else’s', async () => {
    await store.save('sharekhan', 'MASTER_USER_001', TOKEN, Date.now() + HOUR);
    expect(await store.read('sharekhan', 'MASTER_USER_001')).toMatchObject({ token: TOKEN });
    expect(await store.read('sharekhan', 'PAPER_TRADER_001')).toBeUndefined();
    expect(await store.read('paper', 'MASTER_USER_001')).toBeUndefined();
  });

  it('keeps nothing readable in Redis or at home, and the copy in Redis ends with the token', async () => {
    const expiresAt = Date.now() + HOUR;
    await store.save('sharekhan', 'MASTER_USER_001', TOKEN, expiresAt);
    const copy = await redis.foreign.get(keys.token('sharekhan', 'MASTER_USER_001'));
    expect(copy).not.toContain(TOKEN);
    expect(JSON.stringify([...rows.values()])).not.toContain(TOKEN);
    expect(await redis.foreign.pexpiretime(keys.token('sharekhan', 'MASTER_USER_001'))).toBe(expiresAt);
  });

  it('serves no token past its expiry, with or without Redis', async () => {
    await store.save('sharekhan', 'A', TOKEN, Date.now() + 80);
    await redis.kill();
    await waitFor(async () => (await store.read('sharekhan', 'A')) === undefined);
    expect(await store.status('sharekhan', 'A')).toMatchObject({ state: 'expired' });
  });

  it('knows valid, expiring, expired, rejected and none', async () => {
    await store.save('p', 'VALID', TOKEN, Date.now() + HOUR);
    await store.save('p', 'EXPIRING', TOKEN, Date.now() + 60_000);
    await store.save('p', 'EXPIRED', TOKEN, Date.now() - 1);
    await store.save('p', 'REJECTED', TOKEN, Date.now() + HOUR);
    await store.reject('p', 'REJECTED');
    const states = Object.fromEntries(
      (await store.list('p')).map(({ accountId, state }) => [accountId, state]),
    );
    expect(states).toEqual({
      VALID: 'valid',
      EXPIRING: 'expiring',
      EXPIRED: 'expired',
      REJECTED: 'rejected',
    });
    expect((await store.status('p', 'UNKNOWN')).state).toBe('none');
    expect(await store.read('p', 'REJECTED')).toBeUndefined();
  });

  it('moves a token to the newest key when it is read, so that the old key can go', async () => {
    const [older, newer] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
    const storeWith = async (...tokenEncryptionKeys: string[]) =>
      sharedCache(redis.options, parts, { tokenEncryptionKeys });
    const before = await storeWith(older);
    await before.get(TokenStore).save('p', 'A', TOKEN, Date.now() + HOUR);
    const rotated = await storeWith(newer, older);
    expect(await rotated.get(TokenStore).read('p', 'A')).toMatchObject({ token: TOKEN });
    const after = await storeWith(newer);
    expect(await after.get(TokenStore).read('p', 'A')).toMatchObject({ token: TOKEN });
    await Promise.all([before, rotated, after].map((each) => each.close()));
  });

  it('survives FLUSHALL', async () => {
    await store.save('p', 'A', TOKEN, Date.now() + HOUR);
    await redis.foreign.flushall();
    expect(await store.read('p', 'A')).toMatchObject({ token: TOKEN });
  });

  it('cannot be had without a durable home', async () => {
    const bare = await sharedCache(undefined);
    expect(() => bare.get(TokenStore)).toThrow();
    await bare.close();
  });
});
