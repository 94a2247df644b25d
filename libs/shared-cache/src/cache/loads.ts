import { CacheLoadError, CacheLoadTimeoutError } from '../shared-cache.errors';
import { keys, namespaceOf } from '../shared-cache.keys';
import type { CacheEngine, Found, WriteOptions } from './cache.engine';
import type { CacheNamespace } from './cache.namespace';
import { deepFreeze } from './codec';
import type { Flight } from './flights';
import { readRecord } from './record';
import type { Claim } from './shared-tier';

/** How soon a waiter looks again when nothing wakes it (milliseconds). */
const LOOK_AGAIN_MS = 250;
const LOOK_AGAIN_UNTRACKED_MS = 25;
const CLAIM_ATTEMPTS = 3;
const MAX_FAILURES = 10_000;

export type Loader<R> = () => Promise<R>;

/** A load of this process, joined by every caller that comes while nothing overtook it. */
interface Load<T> {
  result: Promise<Found<T>>;
  flight: Flight;
  /** Somebody else loads; what this load will find is newer than whoever joins it now. */
  waiting: boolean;
  /** Value in its grace that may be served meanwhile. */
  stale: Found<T> | undefined;
}

/**
 * One loader run per key, in this process and across processes.
 *
 * The shared tier gives one process the lease of a key; its token fences what it hands in: whoever writes, deletes,
 * clears or flushes the key takes the lease away, and the result is handed to its callers but not kept.
 */
export class Loads {
  private readonly running = new Map<string, Load<unknown>>();
  private readonly failures = new Map<string, { error: unknown; untilMs: number }>();

  constructor(
    private readonly engine: CacheEngine,
    private readonly check: <T>(namespace: CacheNamespace<T>, value: T) => T,
  ) {}

  /** The cached value, or the loader's. A stale one is served where the namespace allows it. */
  async get<T>(
    namespace: CacheNamespace<T>,
    key: string,
    loader: Loader<T | undefined>,
    options: WriteOptions,
  ): Promise<Found<T>> {
    const held = this.engine.trusted(namespace.name, key);
    if (held) {
      this.engine.counters.read(namespace.name, 'l1', 'hit');
      this.refreshAhead(namespace, key, loader, options, held.asOfMs, held.freshUntilMs);
      return { value: held.value as T | undefined, tier: 'l1', entry: held };
    }
    this.engine.counters.read(namespace.name, 'l1', 'miss');
    const id = keys.cacheEntry(namespace.name, key);
    let load = this.running.get(id) as Load<T> | undefined;
    if (!load || (load.flight.overtaken && !load.waiting)) {
      load = this.start(namespace, key, loader, options, false);
    }
    return this.patiently(namespace, load);
  }

  /** Forgets that a key's loader failed: a write or deletion changed the situation. */
  forgive(id: string): void {
    this.failures.delete(id);
  }

  private start<T>(
    namespace: CacheNamespace<T>,
    key: string,
    loader: Loader<T | undefined>,
    options: WriteOptions,
    force: boolean,
  ): Load<T> {
    const id = keys.cacheEntry(namespace.name, key);
    const load: Partial<Load<T>> = { waiting: false, stale: undefined };
    load.flight = this.engine.flights.takeOff(id);
    load.result = this.run(namespace, key, loader, options, load as Load<T>, force).finally(() => {
      load.flight?.land();
      if (this.running.get(id) === load) this.running.delete(id);
    });
    // Each caller waits for it by itself; one that gave up must not make this an unhandled rejection.
    load.result.catch(() => undefined);
    this.running.set(id, load as Load<unknown>);
    return load as Load<T>;
  }

  private async run<T>(
    namespace: CacheNamespace<T>,
    key: string,
    loader: Loader<T | undefined>,
    options: WriteOptions,
    load: Load<T>,
    force: boolean,
  ): Promise<Found<T>> {
    const { engine } = this;
    const id = keys.cacheEntry(namespace.name, key);
    const token = engine.randomness.token();
    for (let unreadable = force; ;) {
      const owed = engine.fromOwed(namespace, key);
      if (owed && !force && engine.alive(owed, false)) return owed;
      // Marks come first: what is loaded from now on must be newer than they are. Errors show in the claim.
      if (owed === undefined && engine.tier.available) {
        engine.marks.ensure(namespace.name, options.tags ?? []).catch(() => undefined);
      }
      // The claim itself is reported as a change; until its answer is here nobody knows whose it was.
      let doubted = false;
      load.flight.onDoubt(() => (doubted = true));
      const claim =
        owed === undefined ? await this.claim(id, token, namespace.leaseMs, unreadable) : undefined;
      if (claim === undefined) {
        load.flight.onDoubt(() => load.flight.overtake());
        return this.loadAlone(namespace, key, loader, options, load);
      }
      if (claim.kind === 'granted') {
        load.flight.onDoubt(() => void this.checkLease(id, token, load.flight));
        if (doubted) void this.checkLease(id, token, load.flight);
      } else {
        load.flight.onDoubt(() => load.flight.overtake());
        if (doubted) load.flight.overtake();
      }
      const accepted =
        claim.record &&
        (await engine.accept(namespace, key, claim.record, load.flight, true).catch(() => undefined));
      load.stale = accepted;
      if (claim.kind === 'granted') {
        return this.loadWithLease(namespace, key, loader, options, load, token, claim.asOf);
      }
      if (claim.kind === 'value' && doubted) {
        // Asked for before word of a change came: whoever joined since must not get it.
        load.flight.land();
        load.flight = engine.flights.takeOff(id);
        continue;
      }
      if (claim.kind === 'value') {
        if (accepted && engine.alive(accepted, false)) return accepted;
        unreadable = true;
        continue;
      }
      if (accepted) return accepted;
      if (claim.kind === 'cooling') throw this.failedElsewhere(id, namespace, claim.waitMs);
      await this.someoneElse(id, load, claim.waitMs);
    }
  }

  private async claim(
    id: string,
    token: number,
    leaseMs: number,
    force: boolean,
  ): Promise<Claim | undefined> {
    const { tier } = this.engine;
    // An answer that came too late may have been a lease: asking again with the same token finds it.
    for (let attempt = 1; tier.available && attempt <= CLAIM_ATTEMPTS; attempt += 1) {
      try {
        return await tier.claim(id, token, leaseMs, force);
      } catch {
        // Without shared memory each process loads for itself; the tier's own log tells why.
        this.engine.counters.read(namespaceOf(id), 'l3', 'error');
      }
    }
    return undefined;
  }

  /** Until somebody else's load ended, its lease ran out, or it is time to look. */
  private async someoneElse<T>(id: string, load: Load<T>, waitMs: number): Promise<void> {
    const { engine } = this;
    const patience = engine.tier.armed ? LOOK_AGAIN_MS : LOOK_AGAIN_UNTRACKED_MS;
    engine.counters.leaseWaits += 1;
    load.waiting = true;
    await new Promise<void>((resolve) => {
      const cancel = engine.clock.after(Math.min(waitMs + 1, patience), resolve);
      load.flight.onOvertaken(() => {
        cancel();
        resolve();
      });
    });
    load.flight.land();
    load.flight = engine.flights.takeOff(id);
    load.waiting = false;
  }

  private async loadWithLease<T>(
    namespace: CacheNamespace<T>,
    key: string,
    loader: Loader<T | undefined>,
    options: WriteOptions,
    load: Load<T>,
    token: number,
    asOf: number,
  ): Promise<Found<T>> {
    const { engine } = this;
    const { tier } = engine;
    const id = keys.cacheEntry(namespace.name, key);
    const asOfMs = engine.clock.now();
    const stopRenewing = this.keepLease(id, token, namespace.leaseMs);
    const { flight } = load;
    let value: T | undefined;
    try {
      value = await this.runLoader(namespace, key, loader);
    } catch (error) {
      stopRenewing();
      await tier.release(id, token, namespace.backoffMs).catch(() => undefined);
      return this.insteadOf(error, load);
    }
    stopRenewing();
    // From here on the token decides: what is handed in is refused if anything happened since the lease.
    // Word that comes before the answer may be of the filling itself, or of what came after it.
    let doubted = false;
    flight.onDoubt(() => (doubted = true));
    const { record, tags } = engine.toRecord(namespace, value, options);
    const keep = value !== undefined || namespace.negativeTtlMs > 0;
    try {
      if (!keep) await tier.release(id, token, 0);
      else {
        const version = await tier.fill(id, token, asOf, record);
        if (
          version !== undefined &&
          !load.flight.overtaken &&
          (await engine.marks.allow(namespace.name, tags, asOf))
        ) {
          engine.flights.overtake(id);
          const entry = engine.remember(namespace.name, key, value, tags, record, asOfMs, version);
          if (doubted) void engine.verifyOwn(namespace.name, key, entry);
          return { value, tier: 'l3', entry };
        }
      }
    } catch {
      // The answer did not come: it may be stored or not, which the next read finds out.
      engine.counters.read(namespace.name, 'l3', 'error');
    }
    return this.unkept(value, record, asOfMs);
  }

  private async checkLease(id: string, token: number, flight: Flight): Promise<void> {
    const bytes = await this.engine.tier.get(id).catch(() => undefined);
    if (!bytes || readRecord(bytes)?.token !== token) flight.overtake();
  }

  /** Shared memory is away, or does not know a write of ours yet. */
  private async loadAlone<T>(
    namespace: CacheNamespace<T>,
    key: string,
    loader: Loader<T | undefined>,
    options: WriteOptions,
    load: Load<T>,
  ): Promise<Found<T>> {
    const { engine } = this;
    load.stale = engine.fromStale(namespace, key, true);
    const asOfMs = engine.clock.now();
    let value: T | undefined;
    try {
      value = await this.runLoader(namespace, key, loader);
    } catch (error) {
      return this.insteadOf(error, load);
    }
    const { record, tags } = engine.toRecord(namespace, value, options);
    if (load.flight.overtaken || (value === undefined && namespace.negativeTtlMs <= 0)) {
      return this.unkept(value, record, asOfMs);
    }
    const id = keys.cacheEntry(namespace.name, key);
    engine.flights.overtake(id);
    const entry = engine.remember(namespace.name, key, value, tags, record, asOfMs, 0);
    // Handed over as of when the load began, so that whatever happened since wins.
    const write = { record, madeAtMs: asOfMs, sending: false };
    void engine.owed.send(id, write, async () => {
      // Its age is taken when it is sent: a wait in between would make it younger than what overtook it.
      const age = () => Math.max(0, engine.clock.now() - asOfMs);
      await engine.marks.ensure(namespace.name, tags, age() + 1);
      const stored = await engine.tier.replayPut(id, record, age());
      // Something newer is known, of which no word may come: a deletion of nothing is no change.
      if (!stored) engine.drop(id, entry);
      return stored;
    });
    return { value, tier: 'l3', entry };
  }

  private async runLoader<T>(
    namespace: CacheNamespace<T>,
    key: string,
    loader: Loader<T | undefined>,
  ): Promise<T | undefined> {
    const { counters, clock } = this.engine;
    const id = keys.cacheEntry(namespace.name, key);
    const failure = this.failures.get(id);
    if (failure && failure.untilMs > clock.now()) throw failure.error;
    const startedAt = clock.now();
    try {
      const loaded = await loader();
      const value =
        loaded === undefined ? undefined : deepFreeze(this.check(namespace, structuredClone(loaded)));
      this.failures.delete(id);
      counters.load(namespace.name, 'ok', clock.now() - startedAt);
      return value;
    } catch (error) {
      counters.load(namespace.name, 'failed', clock.now() - startedAt);
      if (this.failures.size >= MAX_FAILURES) this.failures.clear();
      this.failures.set(id, { error, untilMs: clock.now() + namespace.backoffMs });
      throw error;
    }
  }

  private keepLease(id: string, token: number, leaseMs: number): () => void {
    const { clock, tier } = this.engine;
    let stopped = false;
    let cancel: () => void = () => undefined;
    const again = () => {
      cancel = clock.after(leaseMs / 3, () => {
        if (stopped) return;
        tier.renew(id, token, leaseMs).then(
          (held) => held && !stopped && again(),
          () => !stopped && again(),
        );
      });
    };
    again();
    return () => {
      stopped = true;
      cancel();
    };
  }

  /** Serves a load with the namespace's patience: a stale value after the soft time-out, an error after the hard. */
  private async patiently<T>(namespace: CacheNamespace<T>, load: Load<T>): Promise<Found<T>> {
    const { softTimeoutMs, hardTimeoutMs } = namespace;
    if (softTimeoutMs === undefined && hardTimeoutMs === undefined) return load.result;
    const cancels: (() => void)[] = [];
    const impatience = new Promise<Found<T>>((resolve, reject) => {
      const { clock, counters } = this.engine;
      const takeStale = () => {
        if (!load.stale || !this.engine.alive(load.stale, true)) return false;
        counters.stale(namespace.name);
        resolve(load.stale);
        return true;
      };
      if (softTimeoutMs !== undefined) cancels.push(clock.after(softTimeoutMs, takeStale));
      if (hardTimeoutMs === undefined) return;
      const giveUp = () => {
        if (takeStale()) return;
        reject(
          new CacheLoadTimeoutError(`${namespace.name}: no value within hardTimeoutMs (${hardTimeoutMs} ms)`),
        );
      };
      cancels.push(clock.after(hardTimeoutMs, giveUp));
    });
    try {
      return await Promise.race([load.result, impatience]);
    } finally {
      for (const cancel of cancels) cancel();
    }
  }

  private refreshAhead<T>(
    namespace: CacheNamespace<T>,
    key: string,
    loader: Loader<T | undefined>,
    options: WriteOptions,
    asOfMs: number,
    freshUntilMs: number,
  ): void {
    if (namespace.refreshAheadAt === undefined) return;
    const dueMs = asOfMs + (freshUntilMs - asOfMs) * namespace.refreshAheadAt;
    if (this.engine.clock.now() < dueMs || this.running.has(keys.cacheEntry(namespace.name, key))) return;
    this.start(namespace, key, loader, options, true);
  }

  private insteadOf<T>(error: unknown, load: Load<T>): Found<T> {
    if (load.stale && this.engine.alive(load.stale, true)) return load.stale;
    throw error;
  }

  private failedElsewhere(id: string, { name }: { name: string }, waitMs: number): unknown {
    const own = this.failures.get(id);
    if (own && own.untilMs > this.engine.clock.now()) return own.error;
    return new CacheLoadError(`${name}: the loader failed; the next attempt is made in ${waitMs} ms`);
  }

  private unkept<T>(value: T | undefined, record: { ttlMs: number }, asOfMs: number): Found<T> {
    const freshUntilMs = asOfMs + record.ttlMs;
    const entry = {
      value,
      tags: [],
      bytes: 0,
      asOfMs,
      freshUntilMs,
      staleUntilMs: freshUntilMs,
      version: 0,
      own: false,
      epoch: 0,
    };
    return { value, tier: 'l3', entry };
  }
}
