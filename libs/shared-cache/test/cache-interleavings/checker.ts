import type { FakeServer, ServerChange } from '../../src/testing';
import { keys } from '../../src/contract/shared-cache.keys';
import { numbers } from './numbers';

/** Where a value came from: a write, or a loader's run. */
export interface Origin {
  /** Time of the call, or when the loader began (virtual milliseconds). */
  readonly startMs: number;
  /** The server's changes by then. */
  readonly step: number;
  readonly loaded: boolean;
}

interface Write {
  readonly atMs: number;
  readonly what: 'write' | 'delete';
}

interface KeyHistory {
  /** Values by the step that replaced or removed them. */
  readonly supersededAt: Map<number, number>;
  /** What the key holds, and which operation put it there. */
  holds: number | undefined;
  by: string;
  /** Last change that overtakes a load, and last that the server orders against what is handed over late. */
  overtakenAt: number;
  orderedAt: number;
  highest: number;
  /** Something made the server forget its order: a foreign change, a flush, an expiry, a clearing. */
  forgot: boolean;
  readonly writes: Write[];
  /** What overtook whatever was being loaded when it was wanted. */
  readonly changes: { step: number; wantedAtMs: number }[];
}

/** What a process had heard of when it was asked (steps of the server). */
export interface Hearing {
  /** Changes of the key, by word of them or by the answer to a change of its own. */
  readonly changes: number;
  /** Changes of the key by word of them alone: the answer to its own tells nothing of others'. */
  readonly words: number;
  /** Clearings of the namespace. */
  readonly clearings: number;
}

/** Moments that are computed back from an age differ by less. */
const ROUNDING_MS = 0.000_1;

export class Violation extends Error {}

/** Watches the server's changes and what the engines serve, and throws a `Violation` when a promise is broken. */
export class Checker {
  readonly origins = new Map<number, Origin>();
  violation: Violation | undefined;
  private readonly histories = new Map<string, KeyHistory>();
  /** Values that count as gone since a clearing, and the step from which on. */
  private readonly clearedAt = new Map<number, number>();

  constructor(private readonly server: FakeServer) {
    server.observe = (change) => this.changed(change);
  }

  of(id: string): KeyHistory {
    let history = this.histories.get(id);
    if (!history) {
      history = {
        supersededAt: new Map(),
        holds: undefined,
        by: '',
        overtakenAt: -1,
        orderedAt: -1,
        highest: 0,
        forgot: false,
        writes: [],
        changes: [],
      };
      this.histories.set(id, history);
    }
    return history;
  }

  violated(text: string): void {
    this.violation ??= new Violation(text);
  }

  /** (a) What was deleted, replaced or cleared is not served by whoever heard of it before it was asked. */
  served(id: string, value: number | undefined, heard: Hearing, by: string): void {
    if (value === undefined) return;
    const history = this.of(id);
    const replaced = history.supersededAt.get(value) ?? Infinity;
    const cleared = this.clearedAt.get(value) ?? Infinity;
    if (replaced <= heard.changes) {
      this.violated(
        `${by} served ${value} of ${id}, replaced at ${replaced}, having heard of ${heard.changes}`,
      );
    }
    if (cleared <= heard.clearings) {
      this.violated(
        `${by} served ${value} of ${id}, cleared at ${cleared}, having heard of ${heard.clearings}`,
      );
    }
    const origin = this.origins.get(value);
    if (!origin?.loaded || history.forgot) return;
    const overtaken = history.changes.find(
      ({ step, wantedAtMs }) => wantedAtMs - ROUNDING_MS > origin.startMs && step <= heard.words,
    );
    if (overtaken !== undefined) {
      this.violated(`${by} served ${value} of ${id}, loaded before ${overtaken.step}, of which it had heard`);
    }
  }

  /** (e) After everything was handed over, what was deleted or replaced later than it was made is not there. */
  atRest(id: string): void {
    const history = this.of(id);
    const { holds, by, forgot, writes } = history;
    if (holds === undefined || by !== 'replayPut' || forgot) return;
    const origin = this.origins.get(holds);
    const newer = writes.find(({ atMs }) => origin && atMs > origin.startMs);
    if (newer) {
      this.violated(
        `${id} holds ${holds} of ${origin?.startMs} ms after a ${newer.what} at ${newer.atMs} ms`,
      );
    }
  }

  private changed({ operation, key, step, wantedAtMs, record }: ServerChange): void {
    if (operation === 'flushed') {
      for (const [id, history] of this.histories) {
        this.supersede(id, step);
        history.overtakenAt = step;
        history.changes.push({ step, wantedAtMs });
        history.orderedAt = -1;
        history.highest = 0;
        history.forgot = true;
      }
      // What was cleared before is forgotten, too: an older write that is handed over later counts.
      this.clearedAt.clear();
      return;
    }
    if (key.startsWith('cache:#')) {
      for (const id of this.histories.keys()) this.clear(id, step);
      return;
    }
    const history = this.of(key);
    const decoded = record?.payload && numbers.codec.decode(record.payload);
    const value = decoded?.value;
    if (operation === 'fill' || operation === 'replayPut') this.checkOrigin(key, history, operation, value);
    if (operation === 'expired' || operation === 'foreign') {
      history.highest = 0;
      history.forgot = true;
      history.orderedAt = -1;
    }
    if (value !== undefined && record && value !== history.holds) {
      // (c) Versions never go backwards.
      if (record.version <= history.highest) {
        this.violated(`${key}: version ${record.version} of ${value} after ${history.highest}`);
      }
      history.highest = Math.max(history.highest, record.version);
    }
    if (value !== history.holds) {
      this.supersede(key, step);
      history.holds = value;
      history.by = operation;
      if (value !== undefined) history.supersededAt.delete(value);
      this.clear(key, step);
    }
    if (['put', 'remove', 'foreign', 'replayPut', 'replayRemove', 'fill'].includes(operation)) {
      history.overtakenAt = step;
      if (operation !== 'fill') history.changes.push({ step, wantedAtMs });
      if (operation === 'put' || operation === 'remove' || operation === 'fill') history.orderedAt = step;
    }
  }

  /** (b) What was overtaken while it was loaded is not stored. */
  private checkOrigin(
    key: string,
    history: KeyHistory,
    operation: 'fill' | 'replayPut',
    value: number | undefined,
  ): void {
    const origin = value === undefined ? undefined : this.origins.get(value);
    if (!origin?.loaded) return;
    const overtakenAt = operation === 'fill' ? history.overtakenAt : history.orderedAt;
    if (overtakenAt > origin.step) {
      this.violated(
        `${key}: ${operation} stored ${value}, loaded from step ${origin.step}, overtaken at ${overtakenAt}`,
      );
    }
  }

  /** What a key holds counts as gone when it is not newer than the namespace's mark. */
  private clear(id: string, step: number): void {
    const { holds } = this.of(id);
    const mark = this.server.mark(keys.cacheClearMark(numbers.name));
    if (holds === undefined || mark === undefined) return;
    const record = this.server.look(id);
    if (record && record.asOf <= mark && !this.clearedAt.has(holds)) this.clearedAt.set(holds, step);
  }

  private supersede(id: string, step: number): void {
    const history = this.of(id);
    if (history.holds !== undefined) history.supersededAt.set(history.holds, step);
    history.holds = undefined;
    history.by = '';
  }

  get keys(): string[] {
    return [...this.histories.keys()];
  }

  get steps(): number {
    return this.server.step;
  }
}
