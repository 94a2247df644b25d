import { randomBytes } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { RedisConnection } from '../../src/connection/redis.connection';
import { SessionStore } from '../../src/sessions/session-store';
import { keys } from '../../src/contract/shared-cache.keys';
import { FaultProxy, type PrivateRedis, waitFor } from '../../src/testing';
import { TokenStore } from '../../src/token-store/token-store';
import { sharedCache, startRedis } from '../harness';
import { memorySessions } from '../stores/memory-sessions';
import { memoryTokens } from '../stores/memory-tokens';

const HOUR_MS = 3_600_000;
const ADMIN = { id: 'u1', name: 'admin' };
const tokenEncryptionKeys = [randomBytes(32).toString('base64')];

describe('promise 16: token revoked or user logged out while Redis is down', () => {
  let redis: PrivateRedis;
  let proxy: FaultProxy;
  let tokens: ReturnType<typeof memoryTokens>;
  let sessions: ReturnType<typeof memorySessions>;
  let contexts: INestApplicationContext[];

  /** One process more on the same durable home. */
  async function another(): Promise<INestApplicationContext> {
    const context = await sharedCache(
      { host: '127.0.0.1', port: proxy.port },
      { tokens: tokens.Repository, sessions: sessions.Repository },
      { tokenEncryptionKeys },
    );
    contexts.push(context);
    return context;
  }
  const all = (condition: (connection: RedisConnection) => boolean) =>
    waitFor(() => contexts.every((context) => condition(context.get(RedisConnection))));

  beforeEach(async () => {
    [tokens, sessions, contexts] = [memoryTokens(), memorySessions(), []];
    redis = await startRedis();
    proxy = await FaultProxy.to(redis.port);
    await Promise.all([another(), another()]);
    await all(({ available }) => available);
  });

  afterEach(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    await proxy.close();
    await redis.stop();
  });

  const faults = {
    killed: { begin: () => redis.kill(), end: () => redis.start() },
    'hung (SIGSTOP)': { begin: async () => redis.pause(), end: async () => redis.resume() },
    'behind a black hole': { begin: async () => proxy.blackHole(), end: async () => proxy.heal() },
    'just failing: not known to be away yet': {
      begin: async () => redis.pause(),
      end: async () => redis.resume(),
    },
  };

  describe.each(Object.entries(faults))('Redis %s', (how, fault) => {
    const begin = async () => {
      await fault.begin();
      if (!how.startsWith('just')) await all(({ available }) => !available);
    };
    /** Redis is back, and holds what it held before: an old copy, as from a disk. */
    const endWith = async (key: string, copy: string | null) => {
      await fault.end();
      if (copy !== null) await redis.foreign.set(key, copy);
      await all(({ available }) => available);
    };
    const stores = () => contexts.map((context) => context.get(TokenStore));

    it.each(['revoke', 'reject'] as const)('a token is never accepted again after %s', async (end) => {
      const [one] = stores();
      await one?.save('sharekhan', 'MASTER_USER_001', 'secret', Date.now() + HOUR_MS);
      const key = keys.token('sharekhan', 'MASTER_USER_001');
      const copy = await redis.foreign.get(key);
      const refused = async () => {
        for (const store of stores())
          expect(await store.read('sharekhan', 'MASTER_USER_001')).toBeUndefined();
      };
      for (const store of stores()) expect(await store.read('sharekhan', 'MASTER_USER_001')).toBeDefined();

      await begin();
      expect(await one?.[end]('sharekhan', 'MASTER_USER_001')).toBe(true);
      await refused();
      await endWith(key, copy);
      await refused();
      await another();
      await refused();

      // Not even while nobody can say: no copy is good enough.
      tokens.away = true;
      for (const store of stores()) {
        await expect(store.read('sharekhan', 'MASTER_USER_001')).rejects.toThrow('PostgreSQL is away');
      }
    });

    it('a session is never accepted again after its end', async () => {
      const stores = () => contexts.map((context) => context.get(SessionStore));
      const [one] = stores();
      const { id, session } = (await one?.create(ADMIN, null)) as { id: string; session: { idHash: string } };
      const key = keys.session(session.idHash);
      const copy = await redis.foreign.get(key);
      const refused = async () => {
        for (const store of stores()) expect(await store.find(id)).toBeUndefined();
      };
      for (const store of stores()) expect(await store.find(id)).toBeDefined();

      await begin();
      expect(await one?.end(id)).toBe(true);
      await refused();
      await endWith(key, copy);
      await refused();
      await another();
      await refused();
    });
  });

  describe('and PostgreSQL goes away after that', () => {
    /** A session both processes have verified, which the first ends while Redis is down. */
    async function endedWhileRedisIsDown() {
      const [one, other] = contexts.map((context) => context.get(SessionStore)) as [
        SessionStore,
        SessionStore,
      ];
      const { id, session } = await one.create(ADMIN, null);
      expect(await other.find(id)).toBeDefined();
      redis.pause();
      await all(({ available }) => !available);
      expect(await one.end(id)).toBe(true);
      return { id, session, other };
    }
    const accepted = async (store: SessionStore, id: string) =>
      (await store.find(id).catch(() => undefined)) !== undefined;

    it('the session is not accepted by another process while neither is there', async () => {
      const { id, other } = await endedWhileRedisIsDown();
      sessions.away = true;
      expect(await accepted(other, id)).toBe(false);
    });

    it('the session is not accepted by another process when Redis is back with its old copy', async () => {
      const { id, session, other } = await endedWhileRedisIsDown();
      redis.resume();
      await all(({ available }) => available);
      await waitFor(async () => (await redis.foreign.exists(keys.session(session.idHash))) === 0);
      sessions.away = true;
      expect(await accepted(other, id)).toBe(false);
    });
  });
});
