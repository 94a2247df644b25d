import type { Signal } from '@tickbridge/contracts';

/** Durable home of the signals, as the buffer needs it. The apps keep it in PostgreSQL. */
export abstract class SignalArchive {
  /** The newest signals, oldest first. */
  abstract newest(count: number): Promise<readonly Signal[]>;
}
