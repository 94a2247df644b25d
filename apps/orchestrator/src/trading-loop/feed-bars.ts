import { Injectable } from '@nestjs/common';
import { LiveMarketData } from '@tickbridge/shared-cache';
import { defer, map, merge, type Observable } from 'rxjs';
import { TradingFeeds } from '../market/trading-feeds';
import type { FeedBar } from './bar-checkpoints';

/** Closed bars of every feed that is traded, each with its feed. */
@Injectable()
export class FeedBars {
  readonly arriving$: Observable<FeedBar[]>;

  constructor(live: LiveMarketData, feeds: TradingFeeds) {
    this.arriving$ = defer(() =>
      merge(
        ...feeds.all.map((feed) =>
          live.feed(feed.name).bars$.pipe(map((bars) => bars.map((bar) => ({ feed, bar })))),
        ),
      ),
    );
  }
}
