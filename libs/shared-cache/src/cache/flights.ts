/** A read or load under way. A change that arrives meanwhile supersedes it: its result is then not kept. */
export class Flight {
  superseded = false;
  /** How many changes were reported that this read or load may have made itself. */
  ambiguousChanges = 0;
  /** Whether that is possible; if not, any reported change supersedes it. */
  mayHearOwnChange = false;
  /** @internal next one about the same key */
  next: Flight | undefined;
  private wake: (() => void) | undefined;

  constructor(readonly key: string) {}

  /** Whether there was no word of any change: who comes now may share its result. */
  get clear(): boolean {
    return !this.superseded && this.ambiguousChanges === 0;
  }

  /** Runs `action` as soon as a change came. */
  onChange(action: () => void): void {
    this.wake = action;
    if (!this.clear) action();
  }

  supersede(): void {
    this.superseded = true;
    this.wake?.();
  }

  noteAmbiguousChange(): void {
    if (!this.mayHearOwnChange) return this.supersede();
    this.ambiguousChanges += 1;
    this.wake?.();
  }
}

/** The reads and loads of this process by the key they are about. */
export class Flights {
  private readonly byKey = new Map<string, Flight>();

  begin(key: string): Flight {
    const flight = new Flight(key);
    flight.next = this.byKey.get(key);
    this.byKey.set(key, flight);
    return flight;
  }

  end(flight: Flight): void {
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
  supersede(key: string): void {
    for (let flight = this.byKey.get(key); flight !== undefined; flight = flight.next) flight.supersede();
  }

  /** The key was changed, perhaps by this read or load itself. */
  noteAmbiguousChange(key: string): void {
    for (let flight = this.byKey.get(key); flight !== undefined; flight = flight.next)
      flight.noteAmbiguousChange();
  }

  /** Everything whose key begins like this was changed. */
  supersedeAll(prefix = ''): void {
    for (const key of this.byKey.keys()) if (key.startsWith(prefix)) this.supersede(key);
  }

  noteAmbiguousChanges(prefix: string): void {
    for (const key of this.byKey.keys()) if (key.startsWith(prefix)) this.noteAmbiguousChange(key);
  }
}
