import type { LiveSource } from '@tickbridge/contracts';
import type { Frame, Snapshot } from '../frame';

/** Where a source delivers what it hears. */
export interface LiveSourceListener {
  frame(frame: Frame, source: LiveSource): void;
  snapshot(snapshot: Snapshot, source: LiveSource): void;
}
