import type { Tick } from '@tickbridge/contracts';
import type { ClosedBar } from '../bars/bar-builder';
import { MarketPublisher } from '../market/market-publisher';

/** Remembers what the pipeline published. */
export class RecordingPublisher extends MarketPublisher {
  readonly ticks: Tick[] = [];
  readonly bars: ClosedBar[] = [];

  override beginEpoch(): void {
    this.ticks.length = 0;
    this.bars.length = 0;
  }

  override publish(tick: Tick): void {
    this.ticks.push(tick);
  }

  override publishBar(bar: ClosedBar): void {
    this.bars.push(bar);
  }
}
