import type { WarmUpPlan } from '../candles/candle.warm-up';
import { BinanceFeed } from './binance/binance.feed';
import { BinanceHistory } from './binance/binance.history';
import type { Feed } from './feed';
import type { FeedConfig } from './feed.config';
import type { FeedSink } from './feed-sink';
import { ReplayFeed } from './replay/replay.feed';
import { TrueDataFeed } from './truedata/truedata.feed';
import { TrueDataHistory } from './truedata/truedata.history';

/** The feed FEED names, delivering into `sink`. */
export function createFeed(config: FeedConfig, sink: FeedSink): Feed {
  switch (config.name) {
    case 'truedata':
    case 'simulator':
      return new TrueDataFeed(config, sink);
    case 'binance':
      return new BinanceFeed(config, sink);
    case 'replay':
      return new ReplayFeed(config, sink);
  }
}

/** Where the feed's candles of the past come from. A recording brings its own past. */
export function createWarmUpPlan(config: FeedConfig): WarmUpPlan {
  switch (config.name) {
    case 'truedata':
    case 'simulator': {
      const { user, password } = config;
      const history = config.history && new TrueDataHistory({ ...config.history, user, password });
      // TrueData answers ten questions for bars per second; the simulator has no such limit.
      return { history, symbols: config.symbols, pauseMs: config.name === 'truedata' ? 120 : 5 };
    }
    case 'binance':
      return { history: new BinanceHistory(config.restUrl), symbols: config.symbols, pauseMs: 100 };
    case 'replay':
      return { history: null, symbols: [], pauseMs: 0 };
  }
}
