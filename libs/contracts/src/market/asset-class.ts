import { z } from 'zod';

export const assetClassSchema = z.enum(['stock', 'index', 'future', 'option', 'crypto', 'macro']);
export type AssetClass = z.infer<typeof assetClassSchema>;

/** Where ticks come from: the feed's name, also the first part of its Redis keys. */
export const feedNameSchema = z.enum(['simulator', 'truedata', 'binance', 'replay']);
export type FeedName = z.infer<typeof feedNameSchema>;

/** False when a feed's prices are made up or recorded: people must be told. */
export function isRealFeed(feed: FeedName): boolean {
  return feed === 'truedata' || feed === 'binance';
}

/** Feeds that deliver the same instruments: at most one of each group can run, or two prices would share a name. */
const SAME_INSTRUMENTS: readonly (readonly FeedName[])[] = [['simulator', 'truedata']];

/** Which feeds may run together; the first is the one that answers speak of where they name only one. */
export const feedNamesSchema = z
  .array(feedNameSchema)
  .min(1)
  .refine((feeds) => new Set(feeds).size === feeds.length, { message: 'each feed once' })
  .refine((feeds) => feeds.length === 1 || !feeds.includes('replay'), {
    message: 'a replay runs alone: its clock is in the recording',
  })
  .refine(
    (feeds) => SAME_INSTRUMENTS.every((group) => feeds.filter((feed) => group.includes(feed)).length < 2),
    {
      message: 'simulator and truedata deliver the same symbols: choose one of them',
    },
  );
