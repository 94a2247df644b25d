import type { Tick } from '@tickbridge/contracts';
import type { Observable } from 'rxjs';

/**
 * Changes at the pace of whoever reads them: each turn gives the newest tick of every symbol that changed since the
 * turn before, so a slow reader misses steps, never the last one, and holds one tick per symbol at most.
 *
 * Each iteration is a subscription of its own; it ends with the source, or when the reader leaves the loop.
 */
export class ConflatedChanges implements AsyncIterable<readonly Tick[]> {
  constructor(private readonly ticks$: Observable<readonly Tick[]>) {}

  async *[Symbol.asyncIterator](): AsyncIterator<readonly Tick[]> {
    const waiting = new Map<string, Tick>();
    let ended = false;
    let wake: () => void = () => undefined;
    const subscription = this.ticks$.subscribe({
      next: (ticks) => {
        for (const tick of ticks) waiting.set(tick.symbol, tick);
        wake();
      },
      complete: () => {
        ended = true;
        wake();
      },
    });
    try {
      for (;;) {
        if (waiting.size === 0 && !ended) await new Promise<void>((resolve) => (wake = resolve));
        if (waiting.size === 0) return;
        const changed = [...waiting.values()];
        waiting.clear();
        yield changed;
      }
    } finally {
      subscription.unsubscribe();
    }
  }
}
