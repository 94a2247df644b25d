import type { LiveSource } from '@tickbridge/contracts';
import type { Frame, Snapshot } from '../frame';

/** Where a source delivers what it hears. */
export interface LiveSourceListener {
  frame(frame: Frame, source: LiveSource): void;
  /** @param roundTripMs from the question to the answer that began with it; absent when it was not asked for */
  snapshot(snapshot: Snapshot, source: LiveSource, roundTripMs?: number): void;
}
