import type { Signal } from '@tickbridge/contracts';

/** The newest signals in memory: ordered, each once. */
export class SignalRing {
  private readonly signals = new Map<string, Signal>();

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

  /** Oldest first. */
  list(): Signal[] {
    return [...this.signals.values()];
  }
}
