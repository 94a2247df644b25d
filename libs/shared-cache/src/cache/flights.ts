/** A read or load under way. A change that arrives meanwhile overtakes it: its result may then not be kept. */
export class Flight {
  overtaken = false;
  /** How often word came that may be the echo of what this flight did itself. */
  doubts = 0;
  /** Whether such an echo is possible; if not, word of a change overtakes. */
  echoes = false;
  /** @internal next one about the same key */
  next: Flight | undefined;
  private wake: (() => void) | undefined;

  constructor(readonly key: string) {}

  /** Whether there was no word of any change: who comes now may share its result. */
  get clear(): boolean {
    return !this.overtaken && this.doubts === 0;
  }

  /** Runs `action` as soon as a change came. */
  onChange(action: () => void): void {
    this.wake = action;
    if (!this.clear) action();
  }

  overtake(): void {
    this.overtaken = true;
    this.wake?.();
  }

  doubt(): void {
    if (!this.echoes) return this.overtake();
    this.doubts += 1;
    this.wake?.();
  }
}

/** The reads and loads of this process by the key they are about. */
export class Flights {
  private readonly byKey = new Map<string, Flight>();

  takeOff(key: string): Flight {
    const flight = new Flight(key);
    flight.next = this.byKey.get(key);
    this.byKey.set(key, flight);
    return flight;
  }

  land(flight: Flight): void {
    const { key, next } = flight;
    let before = this.byKey.get(key);
    if (before === flight) {
      if (next === undefined) this.byKey.delete(key);
      else this.byKey.set(key, next);
      return;
    }
    while (before !== undefined && before.next !== flight) before = before.next;
    if (before !== undefined) before.next = next;
  }

  /** The key was changed here. */
  overtake(key: string): void {
    for (let flight = this.byKey.get(key); flight !== undefined; flight = flight.next) flight.overtake();
  }

  /** Somebody changed the key; it may have been the flight itself. */
  doubt(key: string): void {
    for (let flight = this.byKey.get(key); flight !== undefined; flight = flight.next) flight.doubt();
  }

  /** Everything whose key begins like this was changed. */
  overtakeAll(prefix = ''): void {
    for (const key of this.byKey.keys()) if (key.startsWith(prefix)) this.overtake(key);
  }

  doubtAll(prefix: string): void {
    for (const key of this.byKey.keys()) if (key.startsWith(prefix)) this.doubt(key);
  }
}
