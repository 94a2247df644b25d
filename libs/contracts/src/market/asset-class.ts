import { z } from 'zod';

export const assetClassSchema = z.enum(['stock', 'index', 'future', 'option', 'crypto', 'macro']);
export type AssetClass = z.infer<typeof assetClassSchema>;

/** Where ticks come from: the feed's name, also the first part of its Redis keys. */
export const feedNameSchema = z.enum(['simulator', 'truedata', 'binance', 'replay']);
export type FeedName = z.infer<typeof feedNameSchema>;
