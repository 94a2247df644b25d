import { z } from 'zod';
import { feedFacts, type FeedName, FEEDS } from './feeds';

/** Where ticks come from: the feed's name. */
export const feedNameSchema = z.enum(Object.keys(FEEDS) as [FeedName, ...FeedName[]]);

/** False when a feed's prices are made up or recorded: people must be told. */
export function isRealFeed(feed: FeedName): boolean {
  return feedFacts(feed).isReal;
}

/** Which feeds may run together; the first is the one that answers speak of where they name only one. */
export const feedNamesSchema = z
  .array(feedNameSchema)
  .min(1)
  .refine((feeds) => new Set(feeds).size === feeds.length, { message: 'each feed once' })
  .refine((feeds) => feeds.length === 1 || !feeds.includes('replay'), {
    message: 'a replay runs alone: its clock is in the recording',
  })
  .superRefine((feeds, context) => {
    for (const [at, feed] of feeds.entries()) {
      const rival = feeds.slice(0, at).find((other) => other !== feed && sharesInstruments(other, feed));
      if (rival === undefined) continue;
      context.addIssue({
        code: 'custom',
        message: `${rival} and ${feed} deliver the same symbols: choose one of them`,
      });
    }
  });

function sharesInstruments(one: FeedName, other: FeedName): boolean {
  return feedFacts(one).market === feedFacts(other).market;
}
