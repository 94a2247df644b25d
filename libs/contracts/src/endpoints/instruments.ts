import { z } from 'zod';
import { assetClassSchema } from '../market/asset-class';
import { feedNameSchema } from '../market/feed-names';
import {
  type Instrument,
  instrumentAnswerSchema,
  instrumentSchema,
  instrumentsAnswerSchema,
} from '../market/instrument';
import { database } from './common-problems';
import { endpoint } from './endpoint';
import { symbolParams, wholeNumber } from './fields';

const instrument: Instrument = {
  feed: 'binance',
  symbol: 'PEPEUSDT',
  aliases: ['PEPE/USDT'],
  name: 'PEPE/USDT',
  exchange: 'BINANCE',
  segment: null,
  assetClass: 'crypto',
  baseAsset: 'PEPE',
  currency: 'USDT',
  calendar: 'CRYPTO',
  priceSteps: [{ upTo: null, step: 1e-8 }],
  priceDecimals: 8,
  quantityStep: 1,
  minQuantity: 1,
  maxQuantity: 4_611_686_018,
  maxMarketQuantity: 45_120_000_000,
  minNotional: 1,
  minNotionalAppliesToMarket: true,
  freezeQuantity: null,
  hasPriceBand: false,
  products: ['spot'],
  shortProducts: [],
  derivative: null,
  status: 'trading',
  source: 'exchangeInfo of data-api.binance.vision',
  asOf: '2026-11-20T05:30:00.000Z',
};

export const instrumentEndpoints = {
  'GET /api/v1/instruments': endpoint({
    owner: 'market-data',
    tag: 'instruments',
    summary: 'Instruments of the running feeds: names, steps, least and most quantities, products',
    description:
      '`search` is looked for in symbols, aliases and names in words; the very name comes first. `lists` says which lists were read and when.',
    access: { least: 'viewer' },
    query: z.strictObject({
      search: z.string().max(100).optional(),
      feed: feedNameSchema.optional(),
      assetClass: assetClassSchema.optional(),
      status: instrumentSchema.shape.status.optional(),
      /** Only what the feeds of this platform subscribe. */
      subscribed: z.enum(['true', 'false']).default('false'),
      limit: wholeNumber(1, 5_000).default(50),
      offset: wholeNumber(0).default(0),
    }),
    answer: instrumentsAnswerSchema,
    answerExample: {
      instruments: [instrument],
      total: 1,
      lists: [
        {
          feed: 'binance',
          source: instrument.source,
          instruments: 3_214,
          readAt: instrument.asOf,
          unreadableRows: 0,
          lastError: null,
        },
      ],
    },
    errors: { ...database },
  }),

  'GET /api/v1/instruments/:symbol': endpoint({
    owner: 'market-data',
    tag: 'instruments',
    summary: 'One instrument by any of its names, with what its lists changed of it',
    access: { least: 'viewer' },
    params: symbolParams,
    query: z.strictObject({ feed: feedNameSchema.optional() }),
    answer: instrumentAnswerSchema,
    answerExample: {
      instrument,
      changes: [
        {
          feed: 'binance',
          symbol: 'PEPEUSDT',
          changedAt: instrument.asOf,
          source: instrument.source,
          before: { minNotional: 5 },
          after: { minNotional: 1 },
        },
      ],
    },
    errors: {
      INSTRUMENT_UNKNOWN: 'No list has the name; the nearest names are given',
      ...database,
    },
  }),
};
