import type { INestApplicationContext } from '@nestjs/common';
import { RedisConnection } from '../src/connection/redis.connection';
import type { SessionRow } from '../src/sessions/session.repository';
import { SessionStore } from '../src/sessions/session-store';
import { type PrivateRedis, waitFor } from '../src/testing';
import { sharedCache, startRedis } from './harness';
import { memorySessions } from './stores/memory-sessions';

const home = memorySessions();
const { rows } = home;
const parts = { sessions: home.Repository };
const admin = { id: 'u1', name: 'admin' };

describe('SessionStore', () => {
  let redis: PrivateRedis;
  let context: INestApplicationContext;
  let store: SessionStore;

  beforeEach(async () => {
    rows.clear();
    home.away = false;
    redis = await startRedis();
    context = await sharedCache(redis.options, parts, { sessionIdleMs: 60_000 });
    await waitFor(() => context.get(RedisConnection).available);
    store = context.get(SessionStore);
  });

  afterEach(async () => {
    await context.close();
    await redis.stop();
  });

  it('finds a session by its id, and stores the id nowhere', async () => {
    const { id } = await store.create(admin, 'browser');
    expect(Buffer.from(id, 'base64url')).toHaveLength(32);
    expect(await store.find(id)).toMatchObject({ userName: 'admin', userAgent: 'browser' });
    const everything = JSON.stringify([...rows.values()]) + (await redis.foreign.keys('*')).join();
    expect(everything).not.toContain(id);
  });

  it('knows no forged id, and does not take the hash for the id', async () => {
    const { session } = await store.create(admin, null);
    expect(await store.find('forged')).toBeUndefined();
    expect(await store.find(session.idHash)).toBeUndefined();
  });

  it('ends a session that was not used for too long', async () => {
    const { id, session } = await store.create(admin, null);
    rows.set(session.idHash, {
      ...(rows.get(session.idHash) as SessionRow),
      lastSeenAt: Date.now() - 60_001,
    });
    expect(await store.find(id)).toBeUndefined();
    expect(await store.list('u1')).toEqual([]);
  });

  it('lists the user’s sessions without ids, and revokes one by its hash', async () => {
    const first = await store.create(admin, 'a');
    const second = await store.create(admin, 'b');
    expect(await store.list('u1')).toHaveLength(2);
    await store.revoke(first.session.idHash);
    expect((await store.list('u1')).map(({ userAgent }) => userAgent)).toEqual(['b']);
    expect(await store.find(second.id)).toBeDefined();
  });

  it('goes on for a session it has verified while the durable home is away, and for no other', async () => {
    const { id } = await store.create(admin, null);
    const elsewhere = await sharedCache(redis.options, parts);
    home.away = true;
    expect(await store.find(id)).toMatchObject({ userName: 'admin' });
    await expect(store.find('forged')).rejects.toThrow('PostgreSQL is away');
    await expect(elsewhere.get(SessionStore).find(id)).rejects.toThrow('PostgreSQL is away');
    await elsewhere.close();
  });

  it('does not go on for a session that was ended elsewhere before the durable home went away', async () => {
    const { id } = await store.create(admin, null);
    const elsewhere = await sharedCache(redis.options, parts);
    await waitFor(() => elsewhere.get(RedisConnection).available);
    await elsewhere.get(SessionStore).end(id);
    home.away = true;
    // Redis may have been emptied as well: nobody gets in, and nobody is told that the session has ended.
    await expect(store.find(id)).rejects.toThrow('PostgreSQL is away');
    await elsewhere.close();
  });

  it('goes on without Redis', async () => {
    await redis.kill();
    const { id } = await store.create(admin, null);
    expect(await store.find(id)).toBeDefined();
  });
});
