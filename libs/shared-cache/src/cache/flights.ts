/** A read or load under way. A change that arrives meanwhile overtakes it: its result may then not be kept. */
export interface Flight {
  readonly overtaken: boolean;
  onOvertaken(action: () => void): void;
  /** Word of a change may be the echo of this flight's own: finds out and overtakes it if it is not. */
  onDoubt(findOut: () => void): void;
  overtake(): void;
  land(): void;
}

class FlightUnderWay implements Flight {
  overtaken = false;
  private action: (() => void) | undefined;
  private findOut: (() => void) | undefined;

  constructor(
    private readonly all: Map<string, Set<FlightUnderWay>>,
    private readonly key: string,
  ) {
    const others = all.get(key);
    if (others) others.add(this);
    else all.set(key, new Set([this]));
  }

  overtake(): void {
    this.overtaken = true;
    this.action?.();
  }

  onOvertaken(action: () => void): void {
    this.action = action;
    if (this.overtaken) action();
  }

  onDoubt(findOut: () => void): void {
    this.findOut = findOut;
  }

  doubt(): void {
    if (this.findOut) this.findOut();
    else this.overtake();
  }

  land(): void {
    this.findOut = undefined;
    this.action = undefined;
    const flights = this.all.get(this.key);
    flights?.delete(this);
    if (flights?.size === 0) this.all.delete(this.key);
  }
}

/** The reads and loads of this process by the key they are about. */
export class Flights {
  private readonly byKey = new Map<string, Set<FlightUnderWay>>();

  takeOff(key: string): Flight {
    return new FlightUnderWay(this.byKey, key);
  }

  overtake(key: string): void {
    for (const flight of this.byKey.get(key) ?? []) flight.overtake();
  }

  /** Somebody changed the key; it may have been the flight itself. */
  doubt(key: string): void {
    for (const flight of this.byKey.get(key) ?? []) flight.doubt();
  }

  overtakeAll(prefix = ''): void {
    for (const [key, flights] of this.byKey) {
      if (key.startsWith(prefix)) for (const flight of flights) flight.overtake();
    }
  }
}
