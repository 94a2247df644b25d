import { Controller } from '@nestjs/common';
import { type EndpointInput, type MacroFigure, type MacroInsight, toIso } from '@tickbridge/contracts';
import { Input, ProblemException, Serve } from '@tickbridge/service-bootstrap';
import { FeedLanes } from '../lanes/feed-lanes';

/** What would have to be there for an answer. */
const WANTED = {
  onchain: 'on-chain metrics need a chain data provider',
  sentiment: 'sentiment needs a provider of news or posts',
  predictions: 'predictions need a trained model, with its accuracy measured',
} as const;

/**
 * Knowledge beyond prices. Nothing is made up: what has no source says so, and macro figures are the ones a feed
 * delivers.
 */
@Controller()
export class InsightsController {
  constructor(private readonly lanes: FeedLanes) {}

  @Serve('GET /api/v1/insights/macro')
  macro(): MacroInsight {
    const value = this.macroFigures(Date.now());
    if (value.length === 0) {
      throw new ProblemException(
        503,
        'INSIGHT_SOURCE_NOT_CONFIGURED',
        'No feed delivers a macro figure. Put one into FEED_SYMBOLS, for example INDIA VIX.',
      );
    }
    return {
      value,
      provenance: 'symbols of asset class macro, from the running feeds',
      cached: false,
      ageMs: Math.min(...value.map(({ ageMs }) => ageMs)),
    };
  }

  @Serve('GET /api/v1/insights/:kind/:symbol')
  other(@Input() { params: { kind, symbol } }: EndpointInput<'GET /api/v1/insights/:kind/:symbol'>): never {
    throw new ProblemException(
      501,
      'INSIGHT_SOURCE_NOT_CONFIGURED',
      `Nothing is known of ${symbol} here: ${WANTED[kind]}, and none is configured.`,
    );
  }

  private macroFigures(now: number): MacroFigure[] {
    const figures: MacroFigure[] = [];
    for (const { name, parts } of this.lanes.all) {
      for (const tick of parts.market.ticks()) {
        if (tick.assetClass !== 'macro') continue;
        figures.push({
          symbol: tick.symbol,
          value: tick.lastPrice,
          change: tick.change,
          changePercent: tick.changePercent,
          eventTime: toIso(tick.eventTime),
          ageMs: Math.max(0, now - tick.receivedAt),
          stale: parts.status.isStale(tick, now),
          provenance: { feed: name, simulated: parts.feed.simulated },
        });
      }
    }
    return figures;
  }
}
