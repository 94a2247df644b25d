import type { Run } from '../workers/cache.worker';

/** Word of a change has reached every process by then, however busy the machine is. */
const LAG_MS = 300;

interface Change {
  readonly n: number;
  /** Process that made it; `undefined` for a foreign client. */
  readonly by: number | undefined;
  /** When it was done (steady milliseconds of the machine). */
  readonly doneAt: number;
}

/** What was written and deleted, one change after the other, and which reads contradict it. */
export class WriteLog {
  private readonly changes = new Map<string, Change[]>();

  /**
   * @param n number of the value written, or of the deletion; larger with each change
   * @param by process that made it; `undefined` for a foreign client
   */
  note(key: string, n: number, by: number | undefined, doneAt: number): void {
    const changes = this.changes.get(key) ?? [];
    changes.push({ n, by, doneAt });
    this.changes.set(key, changes);
  }

  /**
   * Reads of a process that gave another key's value, or one older than a change of long before: of its own changes
   * than any that was done. Nothing may be found at any time.
   */
  wrong(runs: readonly Run[], process: number): string[] {
    const wrong: string[] = [];
    for (const { key, n, writtenUnder, lastAskedAt } of runs) {
      if (n === null) continue;
      if (writtenUnder !== key) wrong.push(`${key}: value of ${writtenUnder}`);
      for (const { n: newer, by, doneAt } of this.changes.get(key) ?? []) {
        const lateMs = lastAskedAt - doneAt;
        if (n < newer && lateMs > (by === process ? 0 : LAG_MS)) {
          wrong.push(`${key}: ${n} served ${lateMs} ms after ${newer}`);
        }
      }
    }
    return wrong;
  }
}
