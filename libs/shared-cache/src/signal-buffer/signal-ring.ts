import type { Signal } from '@tickbridge/contracts';

/** The newest signals in memory: in the order they were created, each once. */
export class SignalRing {
  private signals = new Map<string, Signal>();

  constructor(private readonly capacity: number) {}

  get size(): number {
    return this.signals.size;
  }

  /** @returns false when the signal is already there */
  append(signal: Signal): boolean {
    if (this.signals.has(signal.id)) return false;
    this.signals.set(signal.id, signal);
    if (this.signals.size > this.capacity) {
      const oldest = this.signals.keys().next();
      if (!oldest.done) this.signals.delete(oldest.value);
    }
    return true;
  }

  /** Takes in signals of earlier runs, which belong before those appended since. */
  merge(earlier: readonly Signal[]): void {
    const all = new Map([...earlier, ...this.signals.values()].map((signal) => [signal.id, signal]));
    const ordered = [...all.values()].sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt));
    this.signals = new Map(ordered.slice(-this.capacity).map((signal) => [signal.id, signal]));
  }

  /** Oldest first. */
  list(): Signal[] {
    return [...this.signals.values()];
  }
}
