import type { FeedName, Instrument } from '@tickbridge/contracts';
import binance from './data/binance.json';
import nse from './data/nse.json';
import us from './data/us.json';

type Fields = Omit<Partial<Instrument>, 'feed'>;

/** Instruments that come with the platform, in families that share most fields. A vendor's own list counts for more. */
interface InstrumentFile {
  source: string;
  /** When it was true (ISO 8601). */
  asOf: string;
  /** Feeds that deliver them, with what is different there. */
  feeds: Partial<Record<FeedName, Fields>>;
  families: { common: Fields; instruments: (Fields & { symbol: string })[] }[];
}

/** What nothing is known of. */
const UNKNOWN = {
  aliases: [],
  name: null,
  segment: null,
  baseAsset: null,
  currency: null,
  calendar: null,
  priceSteps: null,
  quantityStep: null,
  minQuantity: null,
  maxQuantity: null,
  maxMarketQuantity: null,
  minNotional: null,
  minNotionalAppliesToMarket: false,
  freezeQuantity: null,
  hasPriceBand: false,
  products: [],
  shortProducts: [],
  derivative: null,
} satisfies Fields;

/** An instrument of which only some fields are known. */
export function instrumentOf(
  known: Pick<
    Instrument,
    'feed' | 'symbol' | 'exchange' | 'assetClass' | 'priceDecimals' | 'status' | 'source' | 'asOf'
  > &
    Partial<Instrument>,
): Instrument {
  return { ...UNKNOWN, ...known };
}

const known = new Map<string, Instrument>(
  [nse, binance, us].flatMap((file) => readFile(file as InstrumentFile)).map((each) => [keyOf(each), each]),
);

/** What comes with the platform for an instrument that no vendor's list has described yet; `undefined` for most. */
export function knownInstrument(feed: FeedName, symbol: string): Instrument | undefined {
  return known.get(keyOf({ feed, symbol }));
}

/** All of them that a feed delivers. */
export function knownInstruments(feed: FeedName): Instrument[] {
  return [...known.values()].filter((instrument) => instrument.feed === feed);
}

function readFile({ source, asOf, feeds, families }: InstrumentFile): Instrument[] {
  return Object.entries(feeds).flatMap(([feed, different]) =>
    families.flatMap(({ common, instruments }) =>
      instruments.map((own) => {
        const fields = { ...common, ...own, ...(common.priceSteps ? different : withoutSteps(different)) };
        return instrumentOf({
          ...(fields as Instrument),
          feed: feed as FeedName,
          status: 'trading',
          source,
          asOf,
        });
      }),
    ),
  );
}

/** What has no price steps, as an index, gets none from the feed either. */
function withoutSteps({ priceSteps: _, ...different }: Fields): Fields {
  return different;
}

function keyOf({ feed, symbol }: Pick<Instrument, 'feed' | 'symbol'>): string {
  return `${feed} ${symbol}`;
}
