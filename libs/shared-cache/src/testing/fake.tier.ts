import type { Claim, Invalidation, NewRecord, SharedTier } from '../cache/shared-tier';
import { readRecord } from '../cache/record';
import { RedisDeadlineError, RedisUnavailableError } from '../contract/shared-cache.errors';
import { type FakeServer, SERVER_EPOCH_MS, type Word } from './fake-server';
import type { VirtualClock } from './virtual-time';

interface Call {
  readonly operation: string;
  readonly key: string;
  /** The server does it, and the answer is on its way. */
  execute(): void;
  /** The answer arrives. */
  answer(): void;
  fail(error: Error): void;
  over: boolean;
  /** Number of the server's changes when it did it. */
  step: number;
  /** Order in which this process asked. */
  readonly number: number;
}

/**
 * One process's way to a `FakeServer`. Each step of it is an event of its own, taken when the test says so: the server
 * does a request, the answer arrives, word of changes arrives, a request runs out of time, a link breaks or returns.
 */
export class FakeTier implements SharedTier {
  readonly configured = true;
  readonly clockErrorMs = 0;
  available = true;
  armed = false;
  /** Takes every step at once, for tests that are not about their order. */
  automatic = false;
  asked = 0;
  answered: ((operation: string, key: string, step: number, number: number) => void) | undefined;
  heard: ((words: readonly Word[], deliver: () => void) => void) | undefined;
  rearmed: ((step: number) => void) | undefined;
  private requests: Call[] = [];
  private answers: Call[] = [];
  private words: Word[] = [];
  private link = 0;
  private linked = true;
  private arming = false;
  private readonly listeners: ((event: Invalidation) => void)[] = [];
  private readonly returns: (() => void)[] = [];
  private tracker: ((word: Word) => void) | undefined;

  constructor(
    readonly server: FakeServer,
    private readonly clock: VirtualClock,
  ) {}

  get waiting(): { requests: number; answers: number; words: number } {
    return { requests: this.requests.length, answers: this.answers.length, words: this.words.length };
  }

  listen(listener: (event: Invalidation) => void): void {
    this.listeners.push(listener);
  }

  onReturn(listener: () => void): void {
    this.returns.push(listener);
  }

  toLocal(serverMs: number): number {
    return serverMs - SERVER_EPOCH_MS + this.clock.originMs;
  }

  get(key: string): Promise<Uint8Array | undefined> {
    return this.call('get', key, () => this.server.get(key));
  }

  getMany(wanted: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    return this.call('getMany', '', () => wanted.map((key) => this.server.get(key)));
  }

  versions(wanted: readonly string[]): Promise<number[]> {
    return this.call('versions', wanted.join(' '), () =>
      wanted.map((key) => {
        const bytes = this.server.get(key);
        return (bytes && readRecord(bytes)?.version) || 0;
      }),
    );
  }

  claim(key: string, token: number, leaseMs: number, force: boolean): Promise<Claim> {
    return this.call('claim', key, () => this.server.claim(key, token, leaseMs, force));
  }

  renew(key: string, token: number, leaseMs: number): Promise<boolean> {
    return this.call('renew', key, () => this.server.renew(key, token, leaseMs));
  }

  fill(key: string, token: number, asOf: number, record: NewRecord): Promise<number | undefined> {
    return this.call('fill', key, () => this.server.fill(key, token, asOf, record));
  }

  release(key: string, token: number, backoffMs: number): Promise<void> {
    return this.call('release', key, () => this.server.release(key, token, backoffMs));
  }

  put(key: string, record: NewRecord): Promise<number> {
    return this.call('put', key, () => this.server.put(key, record));
  }

  remove(key: string): Promise<boolean> {
    return this.call('remove', key, () => this.server.remove(key));
  }

  replayPut(key: string, record: NewRecord, ageMs: number): Promise<boolean> {
    const madeAtUs = this.madeAt(ageMs);
    return this.call('replayPut', key, () => this.server.replayPut(key, record, madeAtUs), ageMs);
  }

  replayRemove(key: string, ageMs: number): Promise<void> {
    const madeAtUs = this.madeAt(ageMs);
    return this.call('replayRemove', key, () => this.server.replayRemove(key, madeAtUs), ageMs);
  }

  watermarks(names: readonly string[], ageMs: number): Promise<number[]> {
    const asOfUs = ageMs === 0 ? undefined : this.madeAt(ageMs) - 1;
    return Promise.all(
      names.map((name) => this.call('mark', name, () => this.server.watermarks(name, asOfUs, false))),
    );
  }

  raiseMark(name: string, ageMs: number): Promise<number> {
    const asOfUs = ageMs === 0 ? undefined : this.madeAt(ageMs);
    return this.call('mark', name, () => this.server.watermarks(name, asOfUs, true));
  }

  /** The server does the oldest request. */
  executeNext(): void {
    const call = this.requests.shift();
    if (!call) return;
    call.execute();
    this.answers.push(call);
  }

  /** The oldest answer arrives. */
  answerNext(): void {
    this.answers.shift()?.answer();
  }

  /** Word of the next changes arrives, at most `count` of them merged into one message. */
  hearNext(count = 1): void {
    const flushedAt = this.words.findIndex(({ kind }) => kind === 'flushed');
    const words = this.words.splice(
      0,
      flushedAt === 0 ? 1 : Math.min(count, flushedAt < 0 ? count : flushedAt),
    );
    if (words.length === 0) return;
    const deliver = () => {
      const changed = words.flatMap((word) => (word.kind === 'key' ? [word.key] : []));
      if (changed.length === 0) this.tell({ kind: 'flushed' });
      else this.tell({ kind: 'keys', keys: [...new Set(changed)] });
    };
    if (this.heard) this.heard(words, deliver);
    else deliver();
  }

  /** The oldest call that waits is given up; the server may still do it. */
  timeOutNext(): void {
    const call = [...this.answers, ...this.requests].find(({ over }) => !over);
    call?.fail(new RedisDeadlineError('the fake server did not answer in time'));
  }

  /** The way for commands breaks: nothing that is not done yet will be. */
  drop(): void {
    if (!this.available) return;
    this.available = false;
    this.untrack();
    const lost = [...this.answers, ...this.requests];
    this.requests = [];
    this.answers = [];
    for (const call of lost) call.fail(new RedisUnavailableError('the way to the fake server broke'));
    this.tell({ kind: 'distrust' });
    this.disarm();
  }

  /** The way for commands is back. */
  reconnect(): void {
    if (this.available) return;
    this.available = true;
    this.tell({ kind: 'distrust' });
    for (const tell of this.returns) tell();
    this.arm();
  }

  /** The link that carries word of changes breaks; this process does not know yet. */
  dropLink(): void {
    this.linked = false;
    this.link += 1;
    this.untrack();
    this.words = [];
  }

  /** This process notices that the link broke. */
  noticeLink(): void {
    if (!this.linked) this.disarm();
  }

  /** The link is back, where it broke, and changes are asked for. */
  relink(): void {
    this.noticeLink();
    this.linked = true;
    this.arm();
  }

  private arm(): void {
    if (this.armed || this.arming || !this.available || !this.linked) return;
    this.arming = true;
    const { link } = this;
    this.call('arm', '', () => {
      if (link !== this.link) return -1;
      this.untrack();
      this.tracker = (word) => this.take(word);
      this.server.trackers.add(this.tracker);
      return this.server.step;
    }).then(
      (step) => {
        this.arming = false;
        if (link !== this.link || step < 0) return this.arm();
        this.armed = true;
        this.tell({ kind: 'distrust' });
        this.rearmed?.(step);
      },
      // Asked again by the next `reconnect` or `relink`.
      () => (this.arming = false),
    );
  }

  private disarm(): void {
    if (!this.armed) return;
    this.armed = false;
    this.tell({ kind: 'distrust' });
  }

  private untrack(): void {
    if (this.tracker) this.server.trackers.delete(this.tracker);
    this.tracker = undefined;
  }

  private take(word: Word): void {
    this.words.push(word);
    if (this.automatic) queueMicrotask(() => this.hearNext());
  }

  private tell(event: Invalidation): void {
    for (const listener of this.listeners) listener(event);
  }

  private madeAt(ageMs: number): number {
    return Math.floor((this.server.nowMs() - ageMs) * 1_000);
  }

  private call<T>(operation: string, key: string, work: () => T, ageMs = 0): Promise<T> {
    if (!this.available) return Promise.reject(new RedisUnavailableError('the fake server is away'));
    this.asked += 1;
    const wantedAtMs = this.server.time.now - ageMs;
    return new Promise<T>((resolve, reject) => {
      let outcome: T;
      const call: Call = {
        operation,
        key,
        over: false,
        step: 0,
        number: this.asked,
        execute: () => {
          this.server.wantedAtMs = wantedAtMs;
          outcome = work();
          this.server.wantedAtMs = undefined;
          call.step = this.server.step;
        },
        answer: () => {
          if (call.over) return;
          call.over = true;
          resolve(outcome);
          this.answered?.(operation, key, call.step, call.number);
        },
        fail: (error) => {
          if (call.over) return;
          call.over = true;
          reject(error);
        },
      };
      this.requests.push(call);
      if (!this.automatic) return;
      queueMicrotask(() => {
        this.executeNext();
        this.answerNext();
      });
    });
  }
}
