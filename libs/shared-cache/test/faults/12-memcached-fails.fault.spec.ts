import { keys } from '../../src/contract/shared-cache.keys';
import { type PrivateRedis, waitFor } from '../../src/testing';
import { startRedis } from '../harness';
import { PrivateMemcached } from '../private-memcached';
import { CacheProcess } from '../processes/cache-process';
import { answered } from '../processes/spread';
import { WriteLog } from '../processes/write-log';

const KEYS = Array.from({ length: 6 }, (_, at) => `key-${at}`);
const id = (key: string) => keys.cacheEntry('numbered', key);

/**
 * Two processes that hardly keep anything in memory, so that most reads ask Memcached, while values are written and
 * deleted by both and by a foreign client of Redis, and Memcached does its worst.
 */
describe('promise 12: Memcached down, evicting or corrupt', () => {
  let redis: PrivateRedis;
  let memcached: PrivateMemcached;
  let processes: CacheProcess[];
  let n = 0;
  /** All changes so far: what was replaced in an earlier test is old in a later one. */
  const log = new WriteLog();
  /** Bytes Memcached held at some time: copies that were true once. */
  const copies: string[] = [];

  beforeAll(async () => {
    redis = await startRedis();
    memcached = await PrivateMemcached.start('-m', '1', '-I', '512k');
    const each = { redis: redis.options, memcached: memcached.address, l1MaxEntries: 1 };
    processes = await CacheProcess.startAll(each, each);
    await Promise.all(processes.map((process) => process.joined(true)));
  }, 60_000);

  afterAll(async () => {
    await Promise.all(processes.map((each) => each.kill()));
    await memcached.stop();
    await redis.stop();
  });

  const pick = <T>(from: readonly T[]): T => from[Math.floor(Math.random() * from.length)] as T;

  /** One change by one of the processes, or by a foreign client. */
  async function change(): Promise<void> {
    const key = pick(KEYS);
    const by = Math.floor(Math.random() * processes.length);
    const process = processes[by] as CacheProcess;
    n += 1;
    const chance = Math.random();
    if (chance < 0.7) log.note(key, n, by, await process.call('set', key, n));
    else if (chance < 0.8) log.note(key, n, by, await process.call('delete', key));
    else if (chance < 0.9) log.note(key, n, undefined, await answered(redis.foreign.del(id(key))));
    else log.note(key, n, undefined, await answered(redis.foreign.set(id(key), 'foreign')));
  }

  /** Changes and reads go on while `torment` is done to Memcached again and again. */
  async function live(forMs: number, torment: () => Promise<unknown> | void): Promise<void> {
    const endsAt = performance.now() + forMs;
    const reading = processes.map((process) => process.call('read', KEYS, forMs));
    const turns = async (act: () => Promise<unknown> | void) => {
      while (performance.now() < endsAt) {
        await act();
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    };
    await Promise.all([turns(change), turns(torment)]);
    const runs = await Promise.all(reading);
    expect(runs.flatMap((each, by) => log.wrong(each, by))).toEqual([]);
    expect(runs.flat().filter(({ n }) => n !== null).length).toBeGreaterThan(KEYS.length);
  }

  const l2Hits = async () => {
    const stats = await Promise.all(processes.map((process) => process.call('stats')));
    return stats.reduce((hits, { tiers }) => hits + (tiers[1]?.hits ?? 0), 0);
  };
  const allSide = (there: boolean) =>
    waitFor(async () => {
      const states = await Promise.all(processes.map((process) => process.call('state')));
      return states.every(({ side }) => side === there);
    });

  /** Copy Memcached holds under a key; `undefined` for none. */
  async function copyOf(key: string): Promise<string | undefined> {
    const answer = await memcached.tell(`get ${id(key)}\r\n`);
    const body = /^VALUE \S+ \d+ (\d+)\r\n/.exec(answer);
    return body ? answer.slice(body[0].length, body[0].length + Number(body[1])) : undefined;
  }
  const putCopy = (key: string, copy: string) =>
    memcached.tell(`set ${id(key)} 0 60 ${copy.length}\r\n${copy}\r\n`);

  it('while all is well copies are used, and none is wrong or old', async () => {
    // As long as it takes: how much happens in half a second is the machine's business.
    await waitFor(
      async () => {
        await live(500, async () => {
          const copy = await copyOf(pick(KEYS));
          if (copy !== undefined) copies.push(copy);
        });
        return (await l2Hits()) > 100 && copies.length > 10;
      },
      { timeoutMs: 20_000 },
    );
  });

  it.each<[string, () => Promise<unknown>]>([
    ['old copies come back', () => putCopy(pick(KEYS), pick(copies))],
    [
      'it answers with what belongs to other keys',
      async () => {
        const copy = await copyOf(pick(KEYS));
        if (copy !== undefined) await putCopy(pick(KEYS), copy);
      },
    ],
    [
      'bits flip',
      async () => {
        const key = pick(KEYS);
        const copy = await copyOf(key);
        if (copy === undefined) return;
        const bytes = Buffer.from(copy, 'latin1');
        const bit = Math.floor(Math.random() * bytes.length * 8);
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        await putCopy(key, bytes.toString('latin1'));
      },
    ],
    [
      'copies are cut short',
      async () => {
        const key = pick(KEYS);
        const copy = await copyOf(key);
        if (copy !== undefined) await putCopy(key, copy.slice(0, Math.floor(Math.random() * copy.length)));
      },
    ],
    [
      'a foreign client leaves its own bytes',
      () => putCopy(pick(KEYS), pick(['', '{"n":99}', '\u0000\u00ff'])),
    ],
    ['it forgets everything', () => memcached.tell('flush_all\r\n')],
    [
      'it evicts',
      () => memcached.tell(`set junk-${Math.random()} 0 60 400000\r\n${'x'.repeat(400_000)}\r\n`),
    ],
  ])('no wrong or old value is served while %s', async (_what, torment) => {
    await live(400, torment);
  });

  it('no wrong or old value is served while it is killed and started again', async () => {
    const live_ = live(1_500, () => undefined);
    await memcached.kill();
    await allSide(false);
    await memcached.start();
    await allSide(true);
    await live_;
  });

  it('no wrong or old value is served while it hangs and goes on', async () => {
    const live_ = live(1_500, () => undefined);
    memcached.pause();
    await allSide(false);
    memcached.resume();
    await allSide(true);
    await live_;
  });

  it('and after all that its copies are used again', async () => {
    const before = await l2Hits();
    await waitFor(
      async () => {
        await live(400, () => undefined);
        return (await l2Hits()) > before + 100;
      },
      { timeoutMs: 20_000 },
    );
  });
});
