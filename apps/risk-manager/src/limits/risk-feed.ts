import type { FeedName } from '@tickbridge/contracts';

/** The feed this platform runs on; also the injection token. */
export abstract class RiskFeed {
  abstract readonly name: FeedName;
}
