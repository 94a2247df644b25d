import type { WarmUpPlan } from '../candles/candle.warm-up';
import { BinanceFeed } from '../feeds/binance/binance.feed';
import { BinanceHistory } from '../feeds/binance/binance.history';
import type { Feed } from '../feeds/feed';
import type { FeedConfig } from '../feeds/feed.config';
import type { FeedSink } from '../feeds/feed-sink';
import { ReplayFeed } from '../feeds/replay/replay.feed';
import { TrueDataFeed } from '../feeds/truedata/truedata.feed';
import { TrueDataHistory } from '../feeds/truedata/truedata.history';

/** A feed, and where its candles of the past come from. */
export interface CreatedFeed {
  readonly feed: Feed;
  readonly warmUp: WarmUpPlan;
}

/** TrueData answers ten questions for bars per second, and five for ticks; the pauses stay below that (ms). */
const TRUEDATA_PAUSE = { bars: 120, ticks: 220 };
/** The simulator has no such limits. */
const SIMULATOR_PAUSE = { bars: 5, ticks: 5 };

/** The feed of a name in FEED, delivering into `sink`. */
export function createFeed(config: FeedConfig, sink: FeedSink): CreatedFeed {
  switch (config.name) {
    case 'truedata':
    case 'simulator': {
      const { user, password, symbols } = config;
      const history = config.history && new TrueDataHistory({ ...config.history, user, password });
      const pause = config.name === 'truedata' ? TRUEDATA_PAUSE : SIMULATOR_PAUSE;
      return {
        feed: new TrueDataFeed({ ...config, history, historyPauseMs: pause.ticks }, sink),
        warmUp: { history, symbols, pauseMs: pause.bars },
      };
    }
    case 'binance': {
      const history = new BinanceHistory(config.restUrl);
      return {
        feed: new BinanceFeed(config, sink),
        warmUp: { history, symbols: config.symbols, pauseMs: 100 },
      };
    }
    case 'replay':
      // A recording brings its own past.
      return { feed: new ReplayFeed(config, sink), warmUp: { history: null, symbols: [], pauseMs: 0 } };
  }
}
