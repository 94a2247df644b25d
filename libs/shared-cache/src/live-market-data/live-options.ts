import { MissingPartError } from '../contract/shared-cache.errors';
import type { LiveMarketDataOptions, SharedCacheSettings } from '../contract/shared-cache.options';

/** @throws MissingPartError when the module was set up without live market data */
export function liveOptions(settings: SharedCacheSettings): LiveMarketDataOptions {
  const { liveMarketData, service } = settings.value;
  if (liveMarketData && liveMarketData.sources.length > 0) return liveMarketData;
  throw new MissingPartError(
    `${service} uses live market data: set the option liveMarketData, with at least one feed, of SharedCacheModule`,
  );
}
