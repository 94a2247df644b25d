/** Strategies decide on the feed's own bars and enter whatever it costs: tests that are about what follows trade at once. */
export const ON_EVERY_BAR = { STRATEGY_TIMEFRAME: '5s', STRATEGY_LEAST_EDGE: '0' };
