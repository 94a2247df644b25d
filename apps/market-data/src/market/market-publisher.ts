import type { Tick } from '@tickbridge/contracts';
import type { ClosedBar } from '../bars/bar-builder';

/** Where accepted data leave this process: shared memory. */
export abstract class MarketPublisher {
  /** Starts anew with nothing known: numbering begins again, and readers are told so. */
  abstract beginEpoch(): void;

  /** Newest state of a symbol; the newest per symbol wins. */
  abstract publish(tick: Tick): void;

  /** A closed bar; none may be lost. */
  abstract publishBar(bar: ClosedBar): void;
}
