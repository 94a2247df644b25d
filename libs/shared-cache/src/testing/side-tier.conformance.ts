import type { SideTier } from '../cache/side-tier';

/** A way to a server of a test's own, and the means to break it. */
export interface SideTierUnderTest {
  readonly tier: SideTier;
  /** Waits until the condition holds. */
  until(condition: () => boolean | Promise<boolean>): Promise<unknown>;
  /** The server loses everything it holds. */
  empty(): Promise<unknown>;
  /** The way to the server breaks, until `heal`. */
  cut(): Promise<void>;
  heal(): Promise<void>;
}

/** An answer takes no longer than this, whatever the server does (milliseconds, generous). */
const SOON_MS = 500;
const LIFE_MS = 60_000;

/** What every `SideTier` keeps; call it inside a spec file. */
export function describeSideTier(
  name: string,
  open: () => Promise<SideTierUnderTest>,
  close: () => Promise<void>,
): void {
  describe(`${name} as a side tier`, () => {
    let under: SideTierUnderTest;
    let tier: SideTier;
    let key: string;
    let tests = 0;

    beforeAll(async () => {
      under = await open();
      ({ tier } = under);
    });
    beforeEach(() => {
      tests += 1;
      key = `cache:side:${tests}`;
    });
    afterAll(close);

    const bytes = (...all: number[]) => Uint8Array.from(all);
    const read = async () => {
      const found = await tier.get(key);
      return found && [...found];
    };
    const soon = async <T>(work: Promise<T>): Promise<T> => {
      const started = performance.now();
      const outcome = await work;
      expect(performance.now() - started).toBeLessThan(SOON_MS);
      return outcome;
    };

    it('is configured and there', () => {
      expect([tier.configured, tier.available]).toEqual([true, true]);
    });

    it('gives back bytes as they were, and nothing for what was never stored', async () => {
      expect(await read()).toBeUndefined();
      await tier.set(key, bytes(0, 255, 13, 10, 0), LIFE_MS);
      expect(await read()).toEqual([0, 255, 13, 10, 0]);
    });

    it('holds what was stored last, and nothing once it was deleted', async () => {
      await tier.set(key, bytes(1), LIFE_MS);
      await tier.set(key, bytes(2), LIFE_MS);
      expect(await read()).toEqual([2]);
      await tier.delete(key);
      expect(await read()).toBeUndefined();
    });

    it('takes a key of any length and any text', async () => {
      key = `cache:side:${tests}:${'long '.repeat(100)}\r\n₹`;
      await tier.set(key, bytes(7), LIFE_MS);
      expect(await read()).toEqual([7]);
      key = `${key}x`;
      expect(await read()).toBeUndefined();
    });

    it('may lose everything', async () => {
      await tier.set(key, bytes(1), LIFE_MS);
      await under.empty();
      expect(await read()).toBeUndefined();
    });

    it('fails no call and keeps none waiting while its server is away, and is used again after', async () => {
      await under.cut();
      await under.until(() => !tier.available);
      expect(await soon(tier.get(key))).toBeUndefined();
      await soon(tier.set(key, bytes(1), LIFE_MS));
      await soon(tier.delete(key));
      await under.heal();
      await under.until(() => tier.available);
      await under.until(async () => {
        await tier.set(key, bytes(3), LIFE_MS);
        return (await read())?.[0] === 3;
      });
    });
  });
}
