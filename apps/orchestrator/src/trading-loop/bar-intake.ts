import { Injectable } from '@nestjs/common';
import type { Signal } from '@tickbridge/contracts';
import { TradingClock } from '../market/trading-clock';
import { MarketView } from '../market/market-view';
import { PipelineCounters } from '../pipeline-counters/pipeline-counters';
import type { FeedBar } from './bar-checkpoints';
import { BarProcessor } from './bar-processor';

/** Decides which bars are acted on, and lets clock, market and strategies know every one of them. */
@Injectable()
export class BarIntake {
  constructor(
    private readonly processor: BarProcessor,
    private readonly clock: TradingClock,
    private readonly market: MarketView,
    private readonly counters: PipelineCounters,
  ) {}

  /** A bar has come and waits for its turn. */
  arrived(): void {
    this.counters.received('bars');
  }

  /** A signal was given up because of an error in this service. */
  failed(): void {
    this.counters.stopped('signal', 'internal-error');
  }

  /** Clock and market know of a bar before anything is decided on it. */
  see({ bar }: FeedBar): void {
    this.clock.observe(bar);
    this.market.observe(bar);
  }

  /**
   * Takes in a bar that was seen, once.
   *
   * @param alreadyActedOn a checkpoint says that an earlier run acted on it
   * @returns the signals to act on, or `undefined` when the bar only warmed the strategies up
   */
  admit(entry: FeedBar, alreadyActedOn: boolean): Signal[] | undefined {
    const refusal = alreadyActedOn ? 'already-acted-on' : this.processor.isStale(entry) ? 'stale-bar' : null;
    if (refusal !== null) {
      this.skip(entry, refusal);
      return undefined;
    }
    this.counters.passed('bars');
    this.counters.received('strategy');
    const { signals, silenced } = this.processor.act(entry);
    if (silenced !== null) this.counters.stopped('strategy', silenced);
    if (signals.length > 0) this.counters.passed('strategy');
    for (const _signal of signals) this.counters.received('signal');
    return signals;
  }

  /**
   * Takes in a bar while another orchestrator trades, or nobody does.
   *
   * @returns the signals this one would have given: whoever takes over acts on those that are still young
   */
  watch(entry: FeedBar): Signal[] {
    this.counters.stopped('bars', 'not-traded-here');
    return this.processor.watch(entry);
  }

  /** Lets the strategies learn from a bar that is not acted on, and counts why. */
  skip(entry: FeedBar, reason: string): void {
    this.counters.stopped('bars', reason);
    this.processor.warmUp(entry);
  }
}
