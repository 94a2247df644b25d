import { randomBytes } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { keys } from '../src/contract/shared-cache.keys';
import { type PrivateRedis, waitFor } from '../src/testing';
import { RedisConnection } from '../src/connection/redis.connection';
import { TokenRepository, type TokenRow } from '../src/token-store/token.repository';
import { TokenStore } from '../src/token-store/token-store';
import { sharedCache, startRedis } from './harness';

const rows = new Map<string, TokenRow>();
class MemoryTokens extends TokenRepository {
  async find(_provider: string, accountId: string) {
    return rows.get(accountId);
  }
  async save(row: TokenRow) {
    rows.set(row.accountId, row);
  }
  async end() {
    return false;
  }
  async reencrypt() {
    return;
  }
  async list() {
    return [...rows.values()];
  }
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const IST_OFFSET = 5.5 * HOUR;
/** First millisecond of the Indian day after this moment's. */
const nextIstMidnight = (at: number) => (Math.floor((at + IST_OFFSET) / DAY) + 1) * DAY - IST_OFFSET;

describe('the end of a token', () => {
  let redis: PrivateRedis;
  let context: INestApplicationContext;
  let store: TokenStore;

  beforeAll(async () => {
    redis = await startRedis();
    const tokenEncryptionKeys = [randomBytes(32).toString('base64')];
    const options = { tokenEncryptionKeys, tokenEnds: { sharekhan: nextIstMidnight } };
    context = await sharedCache(redis.options, { tokens: MemoryTokens }, options);
    await waitFor(() => context.get(RedisConnection).available);
    store = context.get(TokenStore);
  });
  afterAll(async () => {
    await context.close();
    await redis.stop();
  });

  it.each([
    ['in the morning', '2026-11-20T04:00:00.000Z', '2026-11-20T18:30:00.000Z'],
    ['in the last second of the day', '2026-11-20T18:29:59.000Z', '2026-11-20T18:30:00.000Z'],
    ['in the first of the next', '2026-11-20T18:30:00.000Z', '2026-11-21T18:30:00.000Z'],
  ])('is that of the Indian trading day, saved %s', async (_when, savedAt, endsAt) => {
    jest.spyOn(Date, 'now').mockReturnValue(Date.parse(savedAt));
    const status = await store.save('sharekhan', 'A', 'secret', Date.parse(savedAt) + 30 * DAY);
    expect(status.expiresAt).toBe(endsAt);
    jest.restoreAllMocks();
  });

  it('is what was said where that is earlier, or where the provider says nothing', async () => {
    const now = Date.parse('2026-11-20T04:00:00.000Z');
    jest.spyOn(Date, 'now').mockReturnValue(now);
    const [soon, late] = [now + 60_000, now + 30 * DAY];
    expect((await store.save('sharekhan', 'A', 'secret', soon)).expiresAt).toBe(new Date(soon).toISOString());
    expect((await store.save('paper', 'B', 'secret', late)).expiresAt).toBe(new Date(late).toISOString());
    jest.restoreAllMocks();
  });

  it('is exact: valid a millisecond before, never after, and no copy outlives it', async () => {
    const end = Date.now() + 60_000;
    await store.save('paper', 'A', 'secret', end);
    expect(Number(await redis.foreign.call('PEXPIRETIME', keys.token('paper', 'A')))).toBe(end);
    const now = jest.spyOn(Date, 'now').mockReturnValue(end - 1);
    expect(await store.read('paper', 'A')).toMatchObject({ token: 'secret', expiresAt: end });
    now.mockReturnValue(end);
    expect(await store.read('paper', 'A')).toBeUndefined();
    expect((await store.status('paper', 'A')).state).toBe('expired');
    now.mockRestore();
  });
});
