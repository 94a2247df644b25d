import type { CacheRecord } from '../cache/record';
import { readRecord } from '../cache/record';
import type { Invalidation, NewRecord, SharedTier } from '../cache/shared-tier';

/** Two processes' tiers over one server of a test's own, and the means to break things. */
export interface TierUnderTest {
  readonly tier: SharedTier;
  readonly peer: SharedTier;
  /** This process's steady milliseconds, as `tier.toLocal` tells them. */
  now(): number;
  /** Lets that much time pass, of the server and of both processes. */
  pass(ms: number): Promise<void>;
  /** Waits until the condition holds. */
  until(condition: () => boolean): Promise<unknown>;
  /** A client of no process of ours deletes a key, or stores bytes there. */
  foreign(key: string, bytes?: Uint8Array): Promise<unknown>;
  flush(): Promise<unknown>;
  /** `tier` loses its server, until `heal`. */
  cut(): Promise<void>;
  heal(): Promise<void>;
}

const LEASE_MS = 400;
const payload = (text: string) => new TextEncoder().encode(text);
const value = (text: string, over: Partial<NewRecord> = {}): NewRecord => ({
  payload: payload(text),
  shape: 1,
  ttlMs: 60_000,
  graceMs: 0,
  ...over,
});

/** What every `SharedTier` keeps; call it inside a spec file. */
export function describeSharedTier(
  name: string,
  open: () => Promise<TierUnderTest>,
  close: () => Promise<void>,
): void {
  describe(`${name} as a shared tier`, () => {
    let under: TierUnderTest;
    let tier: SharedTier;
    let peer: SharedTier;
    let key: string;
    let tests = 0;
    const heard: Invalidation[] = [];

    beforeAll(async () => {
      under = await open();
      ({ tier, peer } = under);
      peer.listen((event) => heard.push(event));
    });

    beforeEach(() => {
      tests += 1;
      key = `cache:conformance:${tests}`;
    });

    afterAll(close);

    const read = async (from = tier): Promise<CacheRecord | undefined> => {
      const bytes = await from.get(key);
      return bytes && readRecord(bytes);
    };
    const text = async (): Promise<string | undefined> => {
      const record = await read();
      return record?.payload && new TextDecoder().decode(record.payload);
    };
    const granted = async (token: number, force = false): Promise<number> => {
      const claim = await tier.claim(key, token, LEASE_MS, force);
      if (claim.kind !== 'granted') throw new Error(`expected a lease, came ${claim.kind}`);
      return claim.asOf;
    };
    const heardOf = (id: string) =>
      under.until(() => heard.some((event) => event.kind === 'keys' && event.keys.includes(id)));

    it('gives every process what one stored, with the version it told the writer', async () => {
      const version = await tier.put(key, value('a'));
      expect(await read(peer)).toMatchObject({ version, asOf: version, shape: 1, payload: payload('a') });
      expect(await tier.getMany([key, `${key}-none`])).toEqual([expect.anything(), undefined]);
    });

    it('tells ends of lives on the process’s own clock', async () => {
      await tier.put(key, value('a', { ttlMs: 5_000 }));
      const left = tier.toLocal((await read())?.expiresAt ?? Number.NaN) - under.now();
      expect(left).toBeGreaterThan(4_000);
      expect(left).toBeLessThan(5_100);
    });

    it('issues versions that only rise, deletions and processes notwithstanding', async () => {
      const first = await tier.put(key, value('a'));
      const second = await peer.put(key, value('b'));
      await tier.remove(key);
      const third = await tier.put(key, value('c'));
      const asOf = await granted(1, true);
      const fourth = (await tier.fill(key, 1, asOf, value('d'))) ?? 0;
      expect([first < second, second < third, third < fourth]).toEqual([true, true, true]);
    });

    it('says whether a removed key held a live value', async () => {
      await tier.put(key, value('a'));
      expect(await peer.remove(key)).toBe(true);
      expect(await tier.remove(key)).toBe(false);
      expect(await read()).toBeUndefined();
    });

    it('gives a key’s lease to one, and a live value to all', async () => {
      const asOf = await granted(1);
      expect(await peer.claim(key, 2, LEASE_MS, false)).toMatchObject({ kind: 'busy', record: undefined });
      expect(await tier.claim(key, 1, LEASE_MS, false)).toMatchObject({ kind: 'granted' });
      await tier.fill(key, 1, asOf, value('a'));
      expect(await read()).toMatchObject({ asOf, leaseUntil: 0, token: 0 });
      expect(await peer.claim(key, 2, LEASE_MS, false)).toMatchObject({ kind: 'value' });
    });

    it('gives the lease of a live value to whoever insists, and keeps the value meanwhile', async () => {
      await tier.put(key, value('a'));
      const asOf = await granted(1, true);
      expect(await text()).toBe('a');
      await tier.fill(key, 1, asOf, value('b'));
      expect(await text()).toBe('b');
    });

    it.each<[string, (id: string) => Promise<unknown>]>([
      ['a write', (id) => peer.put(id, value('newer'))],
      ['a deletion', (id) => peer.remove(id)],
      ['a foreign write', (id) => under.foreign(id, payload('foreign'))],
      ['a foreign deletion', (id) => under.foreign(id)],
      ['a flush', () => under.flush()],
    ])('refuses what was loaded across %s', async (_what, supersede) => {
      const asOf = await granted(1);
      await supersede(key);
      expect(await tier.fill(key, 1, asOf, value('old'))).toBeUndefined();
      expect(await tier.renew(key, 1, LEASE_MS)).toBe(false);
      expect(await text()).not.toBe('old');
    });

    it('refuses another’s token', async () => {
      const asOf = await granted(1);
      expect(await peer.fill(key, 2, asOf, value('x'))).toBeUndefined();
      await peer.release(key, 2, 0);
      expect(await tier.renew(key, 1, LEASE_MS)).toBe(true);
    });

    it('lets a lease end with its time unless it is renewed, and the late holder’s result with it', async () => {
      const asOf = await granted(1);
      await under.pass(LEASE_MS / 2);
      expect(await tier.renew(key, 1, LEASE_MS)).toBe(true);
      await under.pass(LEASE_MS * 0.6);
      expect(await peer.claim(key, 2, LEASE_MS, false)).toMatchObject({ kind: 'busy' });
      await under.pass(LEASE_MS);
      expect(await peer.claim(key, 2, LEASE_MS, false)).toMatchObject({ kind: 'granted' });
      expect(await tier.fill(key, 1, asOf, value('late'))).toBeUndefined();
    });

    it('keeps everybody from loading for the back-off of a failed load', async () => {
      await granted(1);
      await tier.release(key, 1, 300);
      expect(await peer.claim(key, 2, LEASE_MS, false)).toMatchObject({ kind: 'cooling' });
      await under.pass(350);
      expect(await peer.claim(key, 2, LEASE_MS, false)).toMatchObject({ kind: 'granted' });
      await peer.release(key, 2, 0);
      expect(await tier.claim(key, 3, LEASE_MS, false)).toMatchObject({ kind: 'granted' });
    });

    it('keeps a value within its grace for those who wait, and no longer', async () => {
      await tier.put(key, value('a', { ttlMs: 50, graceMs: 400 }));
      await under.pass(100);
      expect(await tier.claim(key, 1, 100, false)).toMatchObject({ kind: 'granted', record: { shape: 1 } });
      expect(await peer.claim(key, 2, 100, false)).toMatchObject({ kind: 'busy', record: { shape: 1 } });
      await under.pass(500);
      expect(await read()).toBeUndefined();
    });

    it('takes a value of the past with the rest of its life', async () => {
      expect(await tier.replayPut(key, value('a', { ttlMs: 5_000 }), 2_000)).toBe(true);
      const left = tier.toLocal((await read())?.expiresAt ?? Number.NaN) - under.now();
      expect(left).toBeGreaterThan(2_500);
      expect(left).toBeLessThan(3_100);
      expect(await tier.replayPut(`${key}-over`, value('a', { ttlMs: 1_000 }), 2_000)).toBe(false);
    });

    it('lets the newest win, however late it is handed over', async () => {
      await peer.put(key, value('now'));
      expect(await tier.replayPut(key, value('past'), 5_000)).toBe(false);
      await tier.replayRemove(key, 5_000);
      expect(await text()).toBe('now');
      await under.pass(30);
      expect(await tier.replayPut(key, value('newer'), 5)).toBe(true);
      expect(await text()).toBe('newer');
    });

    it('keeps deleted what was deleted after it was written', async () => {
      await peer.remove(key);
      expect(await tier.replayPut(key, value('past'), 5_000)).toBe(false);
      await tier.replayPut(`${key}-b`, value('past'), 5_000);
      await tier.replayRemove(`${key}-b`, 3_000);
      expect(await tier.replayPut(`${key}-b`, value('past'), 4_000)).toBe(false);
      expect(await tier.get(`${key}-b`)).toBeUndefined();
      expect(await tier.replayPut(`${key}-b`, value('newer'), 2_000)).toBe(true);
    });

    it('keeps watermarks for all, raises them and never lowers them', async () => {
      const name = `cache:#clear:conformance-${tests}`;
      const [made] = await tier.watermarks([name], 0);
      expect(made).toBeLessThan(await tier.put(key, value('a')));
      await under.pass(5);
      expect(await peer.watermarks([name], 0)).toEqual([made]);
      expect(await peer.raiseMark(name, 60_000)).toBe(made);
      const raised = await peer.raiseMark(name, 0);
      expect(raised).toBeGreaterThan((await read())?.asOf ?? Number.NaN);
      expect(await tier.watermarks([name], 0)).toEqual([raised]);
    });

    it('makes watermarks that let count what is handed over, however late that is done', async () => {
      const name = `cache:#clear:conformance-${tests}`;
      await under.pass(200);
      const [mark] = await tier.watermarks([name], 150);
      await tier.replayPut(key, value('a'), 150);
      expect(mark).toBeLessThan((await read())?.asOf ?? Number.NaN);
      await under.pass(20);
      const raised = await tier.raiseMark(name, 100);
      expect(raised).toBeGreaterThan((await read())?.asOf ?? Number.NaN);
      await tier.replayPut(`${key}-after`, value('b'), 60);
      const after = await tier.get(`${key}-after`);
      expect(raised).toBeLessThan((after && readRecord(after)?.asOf) ?? Number.NaN);
    });

    it('makes a mark it lost anew as of now', async () => {
      const name = `cache:#clear:conformance-${tests}`;
      const [made] = await tier.watermarks([name], 0);
      await under.flush();
      await under.pass(2);
      expect((await tier.watermarks([name], 0))[0]).toBeGreaterThan(made ?? Number.NaN);
    });

    it.each<[string, (id: string) => Promise<unknown>]>([
      ['a write', (id) => tier.put(id, value('b'))],
      ['a deletion', (id) => tier.remove(id)],
      ['a lease', (id) => tier.claim(id, 1, LEASE_MS, true)],
      ['a foreign write', (id) => under.foreign(id, payload('foreign'))],
      ['a foreign deletion', (id) => under.foreign(id)],
    ])('tells other processes of %s', async (_what, change) => {
      await tier.put(key, value('a'));
      await heardOf(key);
      heard.length = 0;
      await change(key);
      await heardOf(key);
    });

    it('tells other processes of a flush', async () => {
      heard.length = 0;
      await under.flush();
      await under.until(() => heard.some(({ kind }) => kind === 'flushed'));
    });

    it('rejects while its server is away, tells of its return, and distrusts what it held', async () => {
      let returns = 0;
      const events: Invalidation[] = [];
      tier.listen((event) => events.push(event));
      await under.cut();
      expect([tier.available, tier.armed]).toEqual([false, false]);
      await expect(tier.get(key)).rejects.toThrow();
      await expect(tier.put(key, value('a'))).rejects.toThrow();
      expect(events.some(({ kind }) => kind === 'distrust')).toBe(true);
      tier.onReturn(() => (returns += 1));
      events.length = 0;
      await under.heal();
      await under.until(() => tier.available && tier.armed && returns > 0);
      expect(events.some(({ kind }) => kind === 'distrust')).toBe(true);
      await tier.put(key, value('a'));
      expect(await text()).toBe('a');
    });
  });
}
