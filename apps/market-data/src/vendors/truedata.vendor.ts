import type { FeedConfigOf } from '../feeds/feed.config';
import { TrueDataFeed } from '../feeds/truedata/truedata.feed';
import { TrueDataHistory } from '../feeds/truedata/truedata.history';
import { TRUEDATA_SEGMENTS, TrueDataInstruments } from '../instruments/truedata.instruments';
import type { Vendor } from './vendor';

/** TrueData answers ten questions for bars per second, and five for ticks; the pauses stay below that (ms). */
const TRUEDATA_PAUSE = { bars: 120, ticks: 220 };
/** The simulator has no such limits. */
const SIMULATOR_PAUSE = { bars: 5, ticks: 5 };

/** TrueData, and the simulator that speaks as it does. */
export const trueData: Vendor<FeedConfigOf<'truedata' | 'simulator'>> = {
  create(config, sink) {
    const { user, password, symbols } = config;
    const history = config.history && new TrueDataHistory({ ...config.history, user, password });
    const pause = config.name === 'truedata' ? TRUEDATA_PAUSE : SIMULATOR_PAUSE;
    return {
      feed: new TrueDataFeed({ ...config, history, historyPauseMs: pause.ticks }, sink),
      warmUp: { history, symbols, pauseMs: pause.bars },
    };
  },

  lists({ name: feed, symbolsUrl: url, user, password }) {
    if (url === null) return [];
    return TRUEDATA_SEGMENTS.map(
      (segment) => new TrueDataInstruments({ feed, url, user, password }, segment),
    );
  },
};
