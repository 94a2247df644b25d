/** What a store knows about the lease. */
export interface LeaseRecord {
  /** Who holds it now; `null` when it is free. */
  readonly holder: string | null;
  /** Highest fencing number ever given out; `null` when the store may have forgotten it. */
  readonly fence: number | null;
}

/**
 * A place where the lease is written down. Every call is one step in the store and by the store's clock.
 *
 * All of them reject when the store cannot be asked.
 */
export interface LeaseStore {
  readonly name: 'redis' | 'postgresql';

  /** Survives its own restart. One that does not is believed alone only after it has been up for a whole lease. */
  readonly durable: boolean;

  read(): Promise<LeaseRecord>;

  /** Writes a new holder down when the lease is free and the number is higher than any before. */
  take(holder: string, fence: number, ttlMs: number): Promise<boolean>;

  /** Renews; also writes the holder into a store that forgot it. Refused once somebody else took the lease. */
  keep(holder: string, fence: number, ttlMs: number): Promise<boolean>;

  /** Gives the lease back at once. Does nothing when it is not held by exactly this holder and number. */
  release(holder: string, fence: number): Promise<void>;
}
