import type { Tick } from '@tickbridge/contracts';
import type { ClosedBar } from '../bars/bar-builder';

/** Where accepted data leave this process: shared memory. */
export abstract class MarketPublisher {
  /** Newest state of a symbol; the newest per symbol wins. */
  abstract publish(tick: Tick): void;

  /** A closed bar; none may be lost. */
  abstract publishBar(bar: ClosedBar): void;
}
