import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { Logger } from '@nestjs/common';
import { memcachedStatusSchema } from '@tickbridge/contracts';
import { MemcachedConnection } from '../src/connection/memcached.connection';
import { expiry, MAX_ITEM_BYTES, wireKey } from '../src/connection/memcached.limits';
import { MemcachedLink } from '../src/connection/memcached.link';
import { FaultProxy, waitFor } from '../src/testing';
import { PrivateMemcached, sharedMemcached } from './private-memcached';

// Servers are started, killed and waited for; a busy machine takes its time.
jest.setTimeout(30_000);

const MINUTE = 60_000;
/** The promise is 25 ms; the bound leaves room for a busy machine. */
const SOON_MS = 300;

const open: MemcachedConnection[] = [];

function connectTo(address: { host: string; port: number } | undefined): MemcachedConnection {
  const connection = new MemcachedConnection(address);
  connection.onModuleInit();
  open.push(connection);
  return connection;
}

async function connected(address: { host: string; port: number }): Promise<MemcachedConnection> {
  const connection = connectTo(address);
  await waitFor(() => connection.available);
  return connection;
}

/** A key no other test uses: the server is shared. */
const aKey = () => `cache:test:${randomBytes(8).toString('hex')}`;

/** What is held under a key, asked again if the machine was too busy to answer in time. */
const held = (connection: MemcachedConnection, key: string) => waitFor(() => connection.get(key));

async function longest(calls: (() => Promise<unknown>)[]): Promise<number> {
  const durations = await Promise.all(
    calls.map(async (call) => {
      const asked = performance.now();
      await call();
      return performance.now() - asked;
    }),
  );
  return Math.max(...durations);
}

/** Every call there is, none of which may throw or take long. */
const allCalls = (connection: MemcachedConnection) => [
  () => connection.get(aKey()),
  () => connection.set(aKey(), Buffer.from('x'), MINUTE),
  () => connection.delete(aKey()),
];

let told: string[];

beforeEach(() => {
  told = [];
  for (const level of ['log', 'warn'] as const)
    jest
      .spyOn(Logger.prototype, level)
      .mockImplementation((...[text]: unknown[]) => void told.push(String(text)));
});

afterEach(() => {
  for (const connection of open.splice(0)) connection.onApplicationShutdown();
  jest.restoreAllMocks();
});

describe('Memcached connection', () => {
  let memcached: MemcachedConnection;

  beforeEach(async () => {
    memcached = await connected(sharedMemcached());
  });

  it('gives back what was stored, byte for byte, and nothing once it is deleted', async () => {
    const key = aKey();
    const bytes = randomBytes(10_000);
    await memcached.set(key, bytes, MINUTE);
    expect(await held(memcached, key)).toEqual(bytes);
    await memcached.delete(key);
    expect(await memcached.get(key)).toBeUndefined();
    await waitFor(() => memcached.get(key).then(() => memcached.counts.misses > 0));
    expect(memcached.counts).toMatchObject({ hits: 1, skipped: 0 });
  });

  it('tells a value of no bytes from no value', async () => {
    const key = aKey();
    await memcached.set(key, new Uint8Array(), MINUTE);
    expect(await held(memcached, key)).toEqual(Buffer.alloc(0));
  });

  it('stores the part of a buffer that was given, not what lies around it', async () => {
    const key = aKey();
    await memcached.set(key, Buffer.from('[inner]').subarray(1, 6), MINUTE);
    expect(String(await held(memcached, key))).toBe('inner');
  });

  it.each([
    ['empty', ''],
    ['with spaces', 'GET /report?a=1 b'],
    ['with line ends', `a\r\nflush_all\r\n`],
    ['with a zero byte', 'a\0b'],
    ['not ASCII', 'cache:नमस्ते:€'],
    ['of 250 bytes', 'k'.repeat(250)],
    ['of 251 bytes', 'k'.repeat(251)],
    ['of 100,000 bytes', 'k'.repeat(100_000)],
  ])('takes a key %s', async (_title, key) => {
    const bytes = randomBytes(16);
    await memcached.set(key, bytes, MINUTE);
    expect(await held(memcached, key)).toEqual(bytes);
    await memcached.delete(key);
    expect(await memcached.get(key)).toBeUndefined();
    expect(memcached.available).toBe(true);
  });

  it('never lets two keys meet', () => {
    const long = 'k'.repeat(300);
    expect(wireKey(long)).toMatch(/^hashed:[0-9a-f]{64}$/);
    expect(wireKey(wireKey(long))).not.toBe(wireKey(long));
    expect(wireKey('cache:quotes:A')).toBe('cache:quotes:A');
  });

  it('stores a value as large as Memcached takes, and of a larger one leaves nothing older behind', async () => {
    const key = aKey();
    const largest = randomBytes(MAX_ITEM_BYTES - key.length);
    await memcached.set(key, largest, MINUTE);
    await waitFor(async () => (await memcached.get(key))?.equals(largest));
    await memcached.set(key, randomBytes(largest.length + 1), MINUTE);
    expect(await memcached.get(key)).toBeUndefined();
    expect(memcached.counts.skipped).toBe(1);
    expect(memcached.available).toBe(true);
  });

  it.each([0, -1, Number.NaN, Number.NEGATIVE_INFINITY])(
    'keeps nothing that has no life left (%p ms)',
    async (ttlMs) => {
      const key = aKey();
      await memcached.set(key, Buffer.from('old'), MINUTE);
      await memcached.set(key, Buffer.from('new'), ttlMs);
      expect(await memcached.get(key)).toBeUndefined();
    },
  );

  it.each([
    [1, 2],
    [1_000, 2],
    [1_001, 3],
    [30 * 86_400_000 - 1_000, 30 * 86_400],
    // From here on Memcached takes a number for a date.
    [30 * 86_400_000, 1_000_000 + 30 * 86_400 + 1],
    [86_400_000 * 365, 1_000_000 + 365 * 86_400 + 1],
    [Number.POSITIVE_INFINITY, 0xffff_ffff],
  ])('asks for a life of %p ms as %p', (ttlMs, expected) => {
    expect(expiry(ttlMs, 1_000_000_000)).toBe(expected);
  });

  it.each([30 * 86_400_000 + 1, 400 * 86_400_000, Number.POSITIVE_INFINITY])(
    'keeps what may live longer than 30 days (%p ms)',
    async (ttlMs) => {
      const key = aKey();
      await memcached.set(key, Buffer.from('x'), ttlMs);
      expect(String(await held(memcached, key))).toBe('x');
    },
  );

  it('lets a value go when its life is over', async () => {
    const key = aKey();
    await memcached.set(key, Buffer.from('x'), 300);
    await held(memcached, key);
    await waitFor(async () => (await memcached.get(key)) === undefined);
  });

  it('answers a thousand callers at once, each with his own value', async () => {
    const wanted = Array.from({ length: 1_000 }, () => aKey());
    await Promise.all(wanted.map((key) => memcached.set(key, Buffer.from(key), MINUTE)));
    // On a busy machine some may not answer in time; what comes is right, and in the end all comes.
    for (const key of wanted) {
      expect(String(await held(memcached, key))).toBe(key);
    }
    expect(memcached.available).toBe(true);
  });

  it('tells the server’s own figures', async () => {
    const status = memcachedStatusSchema.parse(await memcached.status());
    expect(status).toMatchObject({ configured: true, connected: true, breaker: 'closed' });
    expect(status.latencyMs).toBeGreaterThan(0);
    expect(status.server?.version).toMatch(/^\d+\./);
    expect(status.server?.maxMemoryBytes).toBeGreaterThan(0);
    expect(memcached.health()).toEqual({ status: 'up' });
  });

  it('goes on when the library has numbered its operations out', async () => {
    const { port } = sharedMemcached();
    const link = new MemcachedLink({ host: '127.0.0.1', port }, () => undefined);
    const key = aKey();
    // Where memjs' count turns negative, and every operation of its would fail from then on.
    const client = Reflect.get(link, 'client') as { seq: number };
    client.seq = 2 ** 31 - 2;
    await link.set(key, Buffer.from('x'), 60);
    for (let at = 0; at < 5; at += 1) expect(String(await link.get(key))).toBe('x');
    link.end(new Error('done'));
  });
});

describe('without Memcached', () => {
  it('is off where none is configured', async () => {
    const memcached = connectTo(undefined);
    expect(await longest(allCalls(memcached))).toBeLessThan(SOON_MS);
    expect(memcached).toMatchObject({ configured: false, available: false });
    expect((await memcached.status()).server).toBeNull();
    expect(memcached.health().status).toBe('up');
  });

  it('costs nothing and tells once when there is no server, and uses one that comes later', async () => {
    const server = await PrivateMemcached.start();
    await server.kill();
    const memcached = connectTo(server.address);
    await waitFor(() => told.length > 0);
    expect(await longest(allCalls(memcached))).toBeLessThan(SOON_MS);
    expect(memcached.health()).toMatchObject({
      status: 'degraded',
      detail: expect.stringMatching(/REFUSED/),
    });
    await server.start();
    await waitFor(() => memcached.available);
    expect(told).toEqual([expect.stringMatching(/away.*REFUSED/), 'Memcached answers']);
    await server.stop();
  });

  it('takes a server that speaks another protocol for no Memcached', async () => {
    const nonsense = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'.repeat(10)));
    }).listen(0, '127.0.0.1');
    await once(nonsense, 'listening');
    const { port } = nonsense.address() as { port: number };
    const memcached = connectTo({ host: '127.0.0.1', port });
    await waitFor(() => told.length > 0);
    expect(await longest(allCalls(memcached))).toBeLessThan(SOON_MS);
    expect(memcached.available).toBe(false);
    memcached.onApplicationShutdown();
    nonsense.close();
  });
});

describe('Memcached that fails', () => {
  let server: PrivateMemcached;
  let memcached: MemcachedConnection;

  beforeEach(async () => {
    server = await PrivateMemcached.start();
    memcached = await connected(server.address);
  });

  afterEach(() => server.stop());

  it('is left alone when it was killed with calls under way, and used again, empty, when it is back', async () => {
    await memcached.set('a', Buffer.from('1'), MINUTE);
    const underWay = Promise.all(Array.from({ length: 200 }, () => memcached.get('a')));
    await server.kill();
    await underWay;
    await waitFor(() => !memcached.available);
    expect(await longest(allCalls(memcached))).toBeLessThan(SOON_MS);

    await server.start();
    await waitFor(() => memcached.available);
    expect(await memcached.get('a')).toBeUndefined();
    await memcached.set('a', Buffer.from('2'), MINUTE);
    expect(String(await held(memcached, 'a'))).toBe('2');
    expect(told).toEqual([
      'Memcached answers',
      expect.stringMatching(/^Memcached is away/),
      'Memcached answers',
    ]);
  });

  it('survives many restarts without a lost answer or a leaked connection', async () => {
    for (let round = 0; round < 5; round += 1) {
      const calls = Promise.all(Array.from({ length: 50 }, () => memcached.get(aKey())));
      await server.kill();
      await calls;
      await server.start();
      await waitFor(() => memcached.available);
      const key = aKey();
      await memcached.set(key, Buffer.from(key), MINUTE);
      expect(String(await held(memcached, key))).toBe(key);
    }
    const figures = (await memcached.status()).server;
    // Its own listener counts as one; ours is one; the test's own question may not be gone yet.
    expect(figures?.connectedClients).toBeLessThanOrEqual(3);
  });

  it('keeps no caller waiting while it hangs, and is used again when it goes on', async () => {
    server.pause();
    const first = await longest(allCalls(memcached));
    await waitFor(() => !memcached.available, { timeoutMs: 3_000 });
    const later = await longest(allCalls(memcached));
    expect(Math.max(first, later)).toBeLessThan(SOON_MS);
    server.resume();
    await waitFor(() => memcached.available);
    const key = aKey();
    await memcached.set(key, Buffer.from('x'), MINUTE);
    expect(String(await held(memcached, key))).toBe('x');
  });

  it('is connected anew when it hung for long', async () => {
    const link = Reflect.get(memcached, 'link') as unknown;
    server.pause();
    await waitFor(() => Reflect.get(memcached, 'link') !== link);
    expect(memcached.health().detail).toMatch(/no answer for 1500 ms|did not answer/);
    server.resume();
    await waitFor(() => memcached.available);
  });
});

describe('Memcached that is full', () => {
  it('evicts what it likes, and what it still holds is right', async () => {
    const server = await PrivateMemcached.start('-m', '1', '-I', '512k');
    const memcached = await connected(server.address);
    const bytes = (at: number) => Buffer.alloc(100_000, at % 256);
    for (let at = 0; at < 100; at += 1) await memcached.set(`k${at}`, bytes(at), MINUTE);
    await waitFor(async () => ((await memcached.status()).server?.evictedItems ?? 0) > 0);
    for (let at = 0; at < 100; at += 1) {
      const found = await memcached.get(`k${at}`);
      if (found) expect(found.equals(bytes(at))).toBe(true);
    }
    expect(memcached.counts.misses).toBeGreaterThan(0);
    expect(memcached.available).toBe(true);
    await server.stop();
  });

  it('refuses a value it is too small for, and goes on', async () => {
    const server = await PrivateMemcached.start('-I', '16k', '-o', 'slab_chunk_max=16384');
    const memcached = await connected(server.address);
    await memcached.set('a', Buffer.from('old'), MINUTE);
    await memcached.set('a', randomBytes(100_000), MINUTE);
    expect(memcached.counts.errors).toBeGreaterThan(0);
    expect(await memcached.get('a')).toBeUndefined();
    expect(memcached.available).toBe(true);
    await server.stop();
  });

  it('gives back what a foreign client left there, as it is', async () => {
    const server = await PrivateMemcached.start();
    const memcached = await connected(server.address);
    await server.tell('set a 77 60 9\r\n\u00ff\u0000garbage\r\n');
    expect((await held(memcached, 'a')).toString('latin1')).toBe('\u00ff\u0000garbage');
    await server.stop();
  });
});

describe('a bad line to Memcached', () => {
  let server: PrivateMemcached;
  let proxy: FaultProxy;
  let memcached: MemcachedConnection;

  beforeEach(async () => {
    server = await PrivateMemcached.start();
    proxy = await FaultProxy.to(server.port);
    memcached = await connected({ host: '127.0.0.1', port: proxy.port });
    await memcached.set('a', Buffer.from('1'), MINUTE);
  });

  afterEach(async () => {
    memcached.onApplicationShutdown();
    await proxy.close();
    await server.stop();
  });

  it('costs each caller the deadline at most while it swallows everything, and heals', async () => {
    proxy.blackHole();
    const durations: number[] = [];
    while (memcached.available) durations.push(await longest(allCalls(memcached)));
    expect(Math.max(...durations)).toBeLessThan(SOON_MS);
    // Long enough for the mute connection to be thrown away, and the next one, and the next.
    await waitFor(() => /no answer for/.test(memcached.state().lastError ?? ''));
    proxy.heal();
    await waitFor(() => memcached.available);
    expect(String(await held(memcached, 'a'))).toBe('1');
    await waitFor(() => proxy.connections === 1);
  });

  it('heals after cuts, also in the middle of an answer', async () => {
    const large = randomBytes(900_000);
    await memcached.set('large', large, MINUTE);
    for (let round = 0; round < 5; round += 1) {
      await waitFor(() => memcached.available);
      const reading = memcached.get('large');
      proxy.drop();
      await reading;
      await waitFor(() => memcached.available);
      expect(String(await held(memcached, 'a'))).toBe('1');
    }
    expect(proxy.connections).toBe(1);
  });

  it('drops an answer that comes late, and gives it to nobody else', async () => {
    await memcached.set('b', Buffer.from('2'), MINUTE);
    proxy.delay(60);
    expect(await memcached.get('a')).toBeUndefined();
    proxy.heal();
    expect(String(await held(memcached, 'b'))).toBe('2');
    expect(String(await held(memcached, 'a'))).toBe('1');
  });

  it('is not flooded while nothing is answered', async () => {
    proxy.blackHole();
    const mebibyte = Buffer.alloc(1_000_000);
    const flood = Array.from({ length: 500 }, (_, at) => memcached.set(`f${at}`, mebibyte, MINUTE));
    expect(Reflect.get(memcached, 'unansweredBytes')).toBeLessThanOrEqual(16 * 1_048_576);
    await Promise.all(flood);
    expect(memcached.counts.errors).toBeGreaterThan(400);
    await waitFor(() => Reflect.get(memcached, 'unansweredBytes') === 0);
  });
});
