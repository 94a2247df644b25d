import { CacheCounters } from '../../src/cache/cache.counters';
import { CacheEvents } from '../../src/cache/cache.events';
import { CacheEngine } from '../../src/cache/cache.engine';
import { Loads } from '../../src/cache/loads';
import { MemoryTier } from '../../src/cache/memory.tier';
import { keys } from '../../src/contract/shared-cache.keys';
import {
  FakeServer,
  FakeSideServer,
  FakeSideTier,
  FakeTier,
  VirtualClock,
  VirtualTime,
} from '../../src/testing';
import { Checker, type Hearing } from './checker';
import { numbers } from './numbers';
import { Seeded } from './seeded';

const KEYS = ['a', 'b'];
/** Small enough for 100,000 schedules in a minute, large enough for every pair of events. */
const EVENTS = 34;
const CLEARINGS = true;
const FOREIGN = true;
const LOST = new Uint8Array([1, 2, 3]);

/** A bug planted on purpose. */
export interface Bug {
  server?(server: FakeServer): void;
  process?(process: SimulatedProcess): void;
}

interface Run {
  resolve(value: number): void;
  reject(error: Error): void;
}

/** One process: its tier, its engine, its loads, and what it has heard of (steps of the server, by key). */
export class SimulatedProcess {
  readonly tier: FakeTier;
  readonly side: FakeSideTier;
  readonly engine: CacheEngine;
  readonly loads: Loads;
  /** Heard by word of a change, or by the answer to a change of its own. */
  readonly heard = new Map<string, number>();
  /** Heard by word of a change alone. */
  readonly words = new Map<string, number>();
  /** Clearings that took effect here. */
  clearings = 0;
  private readonly marksToAsk: { step: number; asked: number }[] = [];
  private marksAnswered = 0;
  /** Word that may be the echo of an own write: heard once the look it causes is answered. */
  readonly doubted = new Map<string, { step: number; asked: number }>();

  constructor(
    readonly name: string,
    server: FakeServer,
    sideServer: FakeSideServer,
    originMs: number,
    chance: Seeded,
    bug: Bug,
  ) {
    const clock = new VirtualClock(server.time, originMs);
    this.tier = new FakeTier(server, clock);
    this.side = new FakeSideTier(sideServer);
    this.engine = new CacheEngine({
      tier: this.tier,
      side: this.side,
      memory: new MemoryTier(100, 100_000),
      clock,
      counters: new CacheCounters(),
      randomness: chance,
      events: new CacheEvents(),
    });
    bug.process?.(this);
    this.loads = new Loads(this.engine, (_namespace, value) => value);
    this.tier.rearmed = (step) => this.hear(step);
    this.tier.heard = (words, deliver) => {
      const before = this.held();
      deliver();
      const after = this.held();
      for (const word of words) {
        if (word.kind === 'flushed') this.hear(word.step);
        // Takes effect once the mark was asked for anew.
        else if (word.key.startsWith('cache:#')) {
          this.marksToAsk.push({ step: word.step, asked: this.tier.asked });
        }
        // Kept in spite of the word: it may be the echo of its own writing, which a look will tell.
        else if (before.get(word.key) && before.get(word.key) === after.get(word.key)) {
          this.doubted.set(word.key, { step: word.step, asked: this.tier.asked });
        } else this.hearOf(word.key, word.step);
      }
    };
    this.tier.answered = (operation, key, step, number) => {
      if (operation === 'put' || operation === 'remove') raise(this.heard, key, step);
      if (operation === 'mark') this.markAnswered(step, number);
      if (operation !== 'versions') return;
      for (const id of key.split(' ')) {
        const doubt = this.doubted.get(id);
        if (!doubt || number <= doubt.asked) continue;
        this.doubted.delete(id);
        this.hearOf(id, doubt.step);
      }
    };
  }

  /** Cleared by this process, and shared memory said so. */
  cleared(): void {
    this.clearings = Math.max(this.clearings, this.marksAnswered);
  }

  private markAnswered(step: number, number: number): void {
    this.marksAnswered = Math.max(this.marksAnswered, step);
    while (this.marksToAsk[0] && this.marksToAsk[0].asked < number) {
      this.clearings = Math.max(this.clearings, this.marksToAsk.shift()?.step ?? 0);
    }
  }

  private held(): Map<string, unknown> {
    return new Map(
      KEYS.map((key) => [keys.cacheEntry(numbers.name, key), this.engine.memory.get(numbers.name, key)]),
    );
  }

  private hear(step: number): void {
    for (const key of KEYS) this.hearOf(keys.cacheEntry(numbers.name, key), step);
  }

  private hearOf(id: string, step: number): void {
    raise(this.heard, id, step);
    raise(this.words, id, step);
  }
}

function raise(steps: Map<string, number>, id: string, step: number): void {
  steps.set(id, Math.max(step, steps.get(id) ?? 0));
}

/** Everything that is due has happened: promises run before the next tick does. */
const settled = () => new Promise<void>((resolve) => process.nextTick(resolve));

/** One random schedule of several processes over one server, all of it decided by the seed. */
export class Simulation {
  readonly trace: string[] = [];
  private readonly time = new VirtualTime();
  private readonly server = new FakeServer(this.time);
  private readonly sideServer = new FakeSideServer();
  private readonly checker = new Checker(this.server);
  private readonly chance: Seeded;
  private readonly processes: SimulatedProcess[];
  private runs: Run[] = [];
  private lastValue = 0;
  private readonly faulty: boolean;
  private readonly forgetful: boolean;
  private readonly copied: boolean;

  constructor(
    readonly seed: number,
    bug: Bug = {},
    private readonly tracing = false,
  ) {
    this.chance = new Seeded(seed);
    bug.server?.(this.server);
    this.watchLeases();
    // Some schedules are about order alone, some about outages, some about everything.
    this.faulty = this.chance.below(3) > 0;
    this.copied = this.chance.below(2) > 0;
    this.forgetful = FOREIGN && this.chance.below(2) > 0;
    this.processes = Array.from(
      { length: 2 + this.chance.below(2) },
      (_, at) =>
        new SimulatedProcess(`p${at}`, this.server, this.sideServer, 1_000 + 77_777 * at, this.chance, bug),
    );
  }

  /** @throws Violation when a promise was broken */
  async run(): Promise<void> {
    for (const { tier, side } of this.processes) {
      if (!this.copied) side.fail();
      tier.relink();
    }
    await this.deliver();
    for (let event = 0; event < EVENTS && !this.checker.violation; event += 1) {
      this.happen();
      await settled();
      this.time.advance(0.01 + this.chance.below(3));
    }
    if (!this.checker.violation) await this.rest();
    if (!this.checker.violation) await this.compare();
    if (this.checker.violation) throw this.checker.violation;
  }

  private happen(): void {
    const process = this.chance.pick(this.processes);
    const kind = this.chance.below(this.faulty ? 100 : 88);
    const key = this.chance.below(5) < 4 ? 'a' : 'b';
    if (kind < 16) this.step(process, 'executeNext', process.tier.waiting.requests);
    else if (kind < 32) this.step(process, 'answerNext', process.tier.waiting.answers);
    else if (kind < 42) this.hear(process);
    else if (kind < 44) (this.copied ? this.aside : this.hear).call(this, process);
    else if (kind < 53) this.find(process, key);
    else if (kind < 62) this.load(process, key);
    else if (kind < 69) this.write(process, key);
    else if (kind < 74) this.remove(process, key);
    else if (kind < 82) this.endRun();
    else if (kind < 84) this.pass();
    else if (kind < 88) this.forget(process, key);
    else this.fault(process, kind);
  }

  private step(process: SimulatedProcess, what: 'executeNext' | 'answerNext', waiting: number): void {
    // Often several in a row, as a connection delivers them.
    const count = Math.min(waiting, 1 + this.chance.below(3));
    for (let at = 0; at < count; at += 1) process.tier[what]();
    this.note(process, `${what} ${count}`);
  }

  /** Memcached does what was asked of it, in any order, answers, loses everything, spoils it, is away. */
  private aside({ name, side }: SimulatedProcess): void {
    const kind = this.chance.below(12);
    for (let at = 0; at < 4; at += 1) {
      side.executeNext(this.chance.below(3));
      if (kind < 9) side.answerNext();
    }
    if (kind === 9) this.sideServer.evictAll();
    else if (kind === 10) this.sideServer.spoilAll(this.chance.below(200));
    else if (kind === 11 && side.available) side.fail();
    else if (kind === 11) side.recover();
    if (this.tracing) this.trace.push(`${name} aside ${kind}`);
  }

  private hear(process: SimulatedProcess): void {
    const count = 1 + this.chance.below(3);
    this.note(process, `hear ${count} of ${process.tier.waiting.words}`);
    process.tier.hearNext(count);
  }

  /** During an outage, and while a write of its own is not answered, a process serves what it has. */
  private heardOf(process: SimulatedProcess, id: string): Hearing {
    const { tier, engine, heard, words, clearings } = process;
    if (!tier.available || engine.pendingWrites.get(id)) return { changes: 0, words: 0, clearings: 0 };
    return { changes: heard.get(id) ?? 0, words: words.get(id) ?? 0, clearings };
  }

  private find(process: SimulatedProcess, key: string): void {
    this.note(process, `find ${key}`);
    const id = keys.cacheEntry(numbers.name, key);
    const heard = this.heardOf(process, id);
    void process.engine.find(numbers, key).then((found) => {
      this.note(process, `found ${key} = ${found?.value} in ${found?.tier}`);
      if (process.tier.available) this.checker.served(id, found?.value, heard, process.name);
    });
  }

  private load(process: SimulatedProcess, key: string): void {
    this.note(process, `load ${key}`);
    const id = keys.cacheEntry(numbers.name, key);
    const heard = this.heardOf(process, id);
    const loader = () =>
      new Promise<number>((resolve, reject) => {
        const value = (this.lastValue += 1);
        this.checker.origins.set(value, { startMs: this.time.now, step: this.server.step, loaded: true });
        this.note(process, `loader of ${key} begins ${value}`);
        this.runs.push({ resolve: () => resolve(value), reject });
      });
    process.loads.get(numbers, key, loader, {}).then(
      (found) => {
        this.note(process, `loaded ${key} = ${found.value} in ${found.tier}`);
        // Its own loader's value is the caller's, overtaken or not; anything else is served from the cache.
        if (process.tier.available) this.checker.served(id, found.value, heard, process.name);
      },
      () => this.note(process, `load of ${key} failed`),
    );
  }

  /** (d) While one holds the lease, nobody else is given it. */
  private watchLeases(): void {
    const claim = this.server.claim.bind(this.server);
    this.server.claim = (key, token, leaseMs, force) => {
      const before = this.server.look(key);
      const answer = claim(key, token, leaseMs, force);
      const taken = before && before.token !== 0 && before.token !== token;
      if (answer.kind === 'granted' && taken && before.leaseUntil > this.server.nowMs()) {
        this.checker.violated(`the lease of ${key} was given away while it was held`);
      }
      return answer;
    };
  }

  private write(process: SimulatedProcess, key: string): void {
    const value = (this.lastValue += 1);
    const id = keys.cacheEntry(numbers.name, key);
    this.note(process, `write ${key} = ${value}`);
    this.checker.origins.set(value, { startMs: this.time.now, step: this.server.step, loaded: false });
    this.checker.of(id).writes.push({ atMs: this.time.now, what: 'write' });
    void process.engine.put(numbers, key, value);
  }

  private remove(process: SimulatedProcess, key: string): void {
    this.note(process, `delete ${key}`);
    this.checker.of(keys.cacheEntry(numbers.name, key)).writes.push({ atMs: this.time.now, what: 'delete' });
    void process.engine.remove(numbers, key);
  }

  private endRun(): void {
    if (this.runs.length === 0) return;
    const run = this.chance.pick(this.runs);
    this.runs = this.runs.filter((other) => other !== run);
    if (this.chance.below(6) === 0) run.reject(new Error('loader failed'));
    else run.resolve(0);
  }

  private pass(): void {
    this.time.advance(this.chance.pick([1, 20, 120, 260]));
  }

  /** What makes the server forget: a foreign client, a flush, a clearing. */
  private forget(process: SimulatedProcess, key: string): void {
    const id = keys.cacheEntry(numbers.name, key);
    if (!this.forgetful) return;
    const kind = this.chance.below(5);
    this.note(process, `forget ${key} ${kind}`);
    if (kind === 0) this.server.flush();
    else if (kind === 1 && CLEARINGS) {
      for (const each of KEYS) this.checker.of(keys.cacheEntry(numbers.name, each)).forgot = true;
      void process.engine.clear(numbers).then(() => {
        if (process.tier.available) process.cleared();
      });
    } else if (kind < 4) this.server.foreign(id);
    else this.server.foreign(id, LOST);
  }

  private fault(process: SimulatedProcess, kind: number): void {
    const { tier } = process;
    this.note(process, `fault ${kind}`);
    if (kind < 91) tier.drop();
    else if (kind < 95) tier.reconnect();
    else if (kind < 96) tier.dropLink();
    else if (kind < 97) tier.noticeLink();
    else if (kind < 98) tier.relink();
    else if (kind < 99 || !this.forgetful) tier.timeOutNext();
    else {
      for (const each of this.processes) each.tier.drop();
      this.server.restart();
    }
  }

  /** Everything heals, every message arrives, every loader ends, everything owed is handed over. */
  private async rest(): Promise<void> {
    for (const { tier, side } of this.processes) {
      if (this.copied) side.recover();
      tier.reconnect();
      tier.relink();
    }
    for (let round = 0; round < 60; round += 1) {
      await this.deliver();
      const busy = this.runs.length > 0;
      for (const run of this.runs.splice(0)) run.resolve(0);
      if (busy) continue;
      const next = this.time.nextTimerAt;
      if (next === undefined) return;
      this.time.advance(Math.max(0, next - this.time.now) + 0.01);
      await settled();
    }
    this.checker.violated('does not come to rest');
  }

  private async deliver(): Promise<void> {
    await settled();
    for (let round = 0, busy = true; busy && round < 100; round += 1) {
      busy = false;
      for (const { tier, side } of this.processes) {
        const { requests, answers, words } = tier.waiting;
        const aside = side.waiting.requests + side.waiting.answers;
        if (requests + answers + words + aside === 0) continue;
        busy = true;
        for (let at = 0; at < aside; at += 1) side.executeNext();
        for (let at = 0; at < aside; at += 1) side.answerNext();
        for (let at = 0; at < requests; at += 1) tier.executeNext();
        for (let at = 0; at < requests + answers; at += 1) tier.answerNext();
        tier.hearNext(words);
      }
      await settled();
      this.time.advance(0.01);
    }
  }

  /** (a) At rest every process answers what the server holds; (e) and that is the newest. */
  private async compare(): Promise<void> {
    for (const key of KEYS) {
      const id = keys.cacheEntry(numbers.name, key);
      // A first look makes anew the watermarks a flush took, of which all hear.
      for (const { engine } of this.processes) void engine.find(numbers, key);
      await this.deliver();
      const found = this.processes.map(({ engine }) => engine.find(numbers, key));
      await this.deliver();
      const answers = (await Promise.all(found)).map((each) => each?.value);
      const expected = this.held(id);
      this.note(undefined, `at rest ${key} = ${expected}, answers ${answers.join()}`);
      answers.forEach((answer, at) => {
        if (answer !== expected) {
          this.checker.violated(`at rest p${at} answers ${answer} for ${key}, the server holds ${expected}`);
        }
      });
      this.checker.atRest(id);
      for (const { engine } of this.processes) {
        if (engine.pendingWrites.size > 0) this.checker.violated('something is owed still');
      }
    }
  }

  private held(id: string): number | undefined {
    const record = this.server.look(id);
    const mark = this.server.mark(keys.cacheClearMark(numbers.name));
    if (!record?.payload || mark === undefined || record.asOf <= mark) return undefined;
    return record.expiresAt > this.server.nowMs() ? numbers.codec.decode(record.payload)?.value : undefined;
  }

  private note(process: SimulatedProcess | undefined, text: string): void {
    if (this.tracing)
      this.trace.push(`${this.time.now.toFixed(2)} #${this.server.step} ${process?.name ?? ''} ${text}`);
  }
}
