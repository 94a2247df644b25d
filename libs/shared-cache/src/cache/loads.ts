import { CacheLoadError } from '../contract/shared-cache.errors';
import { keys } from '../contract/shared-cache.keys';
import type { CacheEngine } from './cache.engine';
import type { CacheNamespace } from './cache.namespace';
import { deepFreeze } from './value.codec';
import { type Found, fromMemory, notKept, type WriteOptions } from './entries';
import { Failures } from './failures';
import type { Flight } from './flights';
import { Lease } from './lease';
import { withLoadTimeouts } from './load-timeouts';
import type { Claim } from './shared-tier';

/** How soon a waiter looks again when nothing wakes it (milliseconds). */
const LOOK_AGAIN_MS = 250;
const LOOK_AGAIN_UNTRACKED_MS = 25;
/** A key that others change all the time is not worth keeping. */
const MAX_CHECKS = 3;

export type Loader<R> = () => Promise<R>;

/** What is to be loaded. */
interface Order<T> {
  readonly namespace: CacheNamespace<T>;
  readonly key: string;
  readonly id: string;
  readonly loader: Loader<T | undefined>;
  readonly options: WriteOptions;
  /** Also when a live value is there. */
  readonly force: boolean;
}

/** A load of this process. */
interface Load<T> {
  result: Promise<Found<T>>;
  flight: Flight;
  /** Another process loads; what this load will find is newer than whoever joins it now. */
  waiting: boolean;
  /** Value in its grace that may be served meanwhile. */
  stale: Found<T> | undefined;
}

/** One loader run per key, in this process and across processes. */
export class Loads {
  private readonly running = new Map<string, Load<unknown>>();
  private readonly failures: Failures;

  constructor(
    private readonly engine: CacheEngine,
    private readonly check: <T>(namespace: CacheNamespace<T>, value: T) => T,
  ) {
    this.failures = new Failures(engine.clock);
  }

  /** The cached value, or the loader's. A stale one is served where the namespace allows it. */
  async get<T>(
    namespace: CacheNamespace<T>,
    key: string,
    loader: Loader<T | undefined>,
    options: WriteOptions,
  ): Promise<Found<T>> {
    const { engine } = this;
    const order = { namespace, key, id: keys.cacheEntry(namespace.name, key), loader, options, force: false };
    const held = engine.trusted(namespace, key);
    if (namespace.memory) engine.counters.read(namespace.name, 'l1', held ? 'hit' : 'miss');
    if (held) {
      if (engine.events.wanted)
        engine.events.emit({ kind: 'hit', namespace: namespace.name, key, tier: 'l1' });
      this.refreshAhead(order, held.asOfMs, held.freshUntilMs);
      return fromMemory(held);
    }
    const running = this.running.get(order.id) as Load<T> | undefined;
    const load = running && mayJoin(running) ? running : this.start(order);
    return withLoadTimeouts(namespace, engine.clock, load.result, () => {
      if (!load.stale || !engine.alive(load.stale, true)) return undefined;
      engine.counters.stale(namespace.name);
      return load.stale;
    });
  }

  /** Forgets that a key's loader failed: a write or deletion changed the situation. */
  clearFailure(id: string): void {
    this.failures.forget(id);
  }

  private start<T>(order: Order<T>): Load<T> {
    const { id } = order;
    const load: Partial<Load<T>> = { waiting: false, stale: undefined };
    load.flight = this.engine.flights.begin(id);
    load.result = this.run(order, load as Load<T>).finally(() => {
      if (load.flight) this.engine.flights.end(load.flight);
      if (this.running.get(id) === load) this.running.delete(id);
    });
    // Each caller waits for it by itself; one that gave up must not make this an unhandled rejection.
    load.result.catch(() => undefined);
    this.running.set(id, load as Load<unknown>);
    return load as Load<T>;
  }

  private async run<T>(order: Order<T>, load: Load<T>): Promise<Found<T>> {
    const { engine } = this;
    const { namespace, key, id, options } = order;
    const { tier, clock, randomness } = engine;
    if (!namespace.shared) return this.loadAlone(order, load);
    if (!order.force) {
      const copied = await engine.findCopy(namespace, key, false);
      if (copied && load.flight.clear) return copied;
    }
    const lease = new Lease(tier, clock, id, randomness.token(), namespace.leaseMs);
    for (let force = order.force; ;) {
      const known = force ? undefined : engine.known(namespace, key);
      if (known && engine.alive(known, false)) return known;
      if (known !== undefined) return this.loadAlone(order, load);
      // What was asked before word of a change came is not for those who joined since.
      if (!load.flight.clear) this.beginAgain(load);
      // Watermarks come first: what is loaded from now on must be newer than they are. Errors show in the claim.
      if (tier.available) engine.watermarks.ensure(namespace.name, options.tags ?? []).catch(() => undefined);
      // The claim is reported as a change, too.
      load.flight.mayHearOwnChange = true;
      const askedAtMs = clock.now();
      const claim = await lease.claim(force, () => engine.counters.read(namespace.name, 'l3', 'error'));
      if (claim === undefined) {
        this.beginAgain(load);
        return this.loadAlone(order, load);
      }
      if (claim.kind !== 'value' && !claim.record) engine.counters.read(namespace.name, 'l3', 'miss');
      load.stale = await this.acceptClaimed(order, load, claim, askedAtMs);
      if (claim.kind === 'granted') return this.loadWithLease(order, load, lease, claim.asOf);
      if (claim.kind === 'value') {
        if (!load.flight.clear) continue;
        if (load.stale && engine.alive(load.stale, false)) return load.stale;
        // This process cannot read it, or it was cleared.
        force = true;
        continue;
      }
      if (load.stale) return load.stale;
      if (claim.kind === 'cooling') throw this.failedElsewhere(id, namespace, claim.waitMs);
      await this.waitForOtherLoader(load, claim.waitMs);
    }
  }

  private beginAgain<T>(load: Load<T>): void {
    const { flights } = this.engine;
    flights.end(load.flight);
    load.flight = flights.begin(load.flight.key);
  }

  private async acceptClaimed<T>(
    { namespace, key }: Order<T>,
    { flight }: Load<T>,
    { record }: Claim,
    askedAtMs: number,
  ): Promise<Found<T> | undefined> {
    if (!record) return undefined;
    try {
      const origin = { tier: 'l3', flight, allowStale: true, askedAtMs } as const;
      return await this.engine.accept(namespace, key, record, origin);
    } catch {
      // The watermarks could not be asked, so nothing counts.
      return undefined;
    }
  }

  /** Until the other process's load ended, its lease ran out, or it is time to look. */
  private async waitForOtherLoader<T>(load: Load<T>, waitMs: number): Promise<void> {
    const { clock, counters, tier } = this.engine;
    const lookAgainMs = tier.armed ? LOOK_AGAIN_MS : LOOK_AGAIN_UNTRACKED_MS;
    counters.leaseWaits += 1;
    load.waiting = true;
    await new Promise<void>((resolve) => {
      const cancel = clock.after(Math.min(waitMs + 1, lookAgainMs), resolve);
      load.flight.onChange(() => {
        cancel();
        resolve();
      });
    });
    load.waiting = false;
    this.beginAgain(load);
  }

  private async loadWithLease<T>(
    order: Order<T>,
    load: Load<T>,
    lease: Lease,
    asOf: number,
  ): Promise<Found<T>> {
    const { engine } = this;
    const { namespace, key, id, options } = order;
    const { tier, clock } = engine;
    const { flight } = load;
    const asOfMs = clock.now();
    let value: T | undefined;
    lease.keep();
    try {
      value = await this.runLoader(order);
    } catch (error) {
      await tier.release(id, lease.token, namespace.backoffMs).catch(() => undefined);
      return this.staleOrThrow(error, load);
    } finally {
      lease.stopKeeping();
    }
    const { record, tags } = engine.toRecord(namespace, value, options);
    const { ambiguousChanges } = flight;
    try {
      if (value === undefined && namespace.negativeTtlMs <= 0) await tier.release(id, lease.token, 0);
      else {
        // The token decides: it is refused if anything happened since the lease.
        const version = await tier.fill(id, lease.token, asOf, record);
        const kept =
          version !== undefined &&
          (await engine.watermarks.allow(namespace.name, tags, asOf)) &&
          (flight.ambiguousChanges === ambiguousChanges || (await this.isStill(id, version, flight)));
        if (kept && !flight.superseded) {
          const entry = engine.remember(namespace, key, value, tags, record, asOfMs, version, asOf);
          engine.flights.supersede(id);
          return { value, tier: 'l3', entry };
        }
      }
    } catch {
      // The answer did not come: it may be stored or not, which the next read finds out.
      engine.counters.read(namespace.name, 'l3', 'error');
    }
    return notKept(value, record.ttlMs, asOfMs);
  }

  /** Word that came before the answer to a filling may be of the filling itself, or of what came after it. */
  private async isStill(id: string, version: number, flight: Flight): Promise<boolean> {
    for (let look = 0; look < MAX_CHECKS; look += 1) {
      const { ambiguousChanges } = flight;
      const [now] = await this.engine.tier.versions([id]);
      if (now !== version) return false;
      // Word that came during the look asks for another.
      if (flight.ambiguousChanges === ambiguousChanges) return true;
    }
    return false;
  }

  /** Shared memory is away, or does not know a write of ours yet. */
  private async loadAlone<T>(order: Order<T>, load: Load<T>): Promise<Found<T>> {
    const { engine } = this;
    const { namespace, key, id, options } = order;
    load.stale = engine.fromStale(namespace, key, true);
    const asOfMs = engine.clock.now();
    let value: T | undefined;
    try {
      value = await this.runLoader(order);
    } catch (error) {
      return this.staleOrThrow(error, load);
    }
    const { record, tags } = engine.toRecord(namespace, value, options);
    if (load.flight.superseded || (value === undefined && namespace.negativeTtlMs <= 0)) {
      return notKept(value, record.ttlMs, asOfMs);
    }
    engine.flights.supersede(id);
    const entry = engine.remember(namespace, key, value, tags, record, asOfMs, 0, 0);
    if (!namespace.shared) return { value, tier: 'l1', entry };
    // Handed over as of when the load began, so that whatever happened since wins.
    const write = { record, tags, madeAtMs: asOfMs, sending: false };
    void engine.pendingWrites.send(id, write, async () => {
      // Its age is taken when it is sent: a wait in between would make it younger than what overtook it.
      const age = () => Math.max(0, engine.clock.now() - asOfMs);
      await engine.watermarks.ensure(namespace.name, tags, age() + 1);
      const stored = await engine.tier.replayPut(id, record, age());
      // Something newer is known, of which no word may come: a deletion of nothing is no change.
      if (!stored) engine.invalidations.drop(id, entry);
      return stored;
    });
    return { value, tier: 'l3', entry };
  }

  private async runLoader<T>({ namespace, key, id, loader }: Order<T>): Promise<T | undefined> {
    const { counters, clock, events } = this.engine;
    const told = { namespace: namespace.name, key };
    const failure = this.failures.of(id);
    if (failure) throw failure.error;
    const startedAt = clock.now();
    try {
      const loaded = await loader();
      const value =
        loaded === undefined ? undefined : deepFreeze(this.check(namespace, structuredClone(loaded)));
      this.failures.forget(id);
      const durationMs = clock.now() - startedAt;
      counters.load(namespace.name, 'ok', durationMs);
      events.emit({ kind: 'loaded', ...told, durationMs });
      return value;
    } catch (error) {
      counters.load(namespace.name, 'failed', clock.now() - startedAt);
      events.emit({ kind: 'load-failed', ...told, error: error as Error });
      this.failures.remember(id, error, namespace.backoffMs);
      throw error;
    }
  }

  private refreshAhead<T>(order: Order<T>, asOfMs: number, freshUntilMs: number): void {
    const { refreshAheadAt } = order.namespace;
    if (refreshAheadAt === undefined || this.running.has(order.id)) return;
    const dueMs = asOfMs + (freshUntilMs - asOfMs) * refreshAheadAt;
    if (this.engine.clock.now() >= dueMs) this.start({ ...order, force: true });
  }

  private staleOrThrow<T>(error: unknown, load: Load<T>): Found<T> {
    if (load.stale && this.engine.alive(load.stale, true)) return load.stale;
    throw error;
  }

  private failedElsewhere(id: string, { name }: { name: string }, waitMs: number): unknown {
    const own = this.failures.of(id);
    if (own) return own.error;
    return new CacheLoadError(`${name}: the loader failed; the next attempt is made in ${waitMs} ms`);
  }
}

/** A caller may join a load that nothing overtook since, as far as is known. */
function mayJoin({ waiting, flight }: Load<unknown>): boolean {
  return waiting || flight.clear;
}
