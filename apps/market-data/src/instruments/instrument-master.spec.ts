import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FeedName, Instrument } from '@tickbridge/contracts';
import { aPair, aShare } from '../testing/instruments';
import '../testing/quiet-log';
import { InstrumentMaster } from './instrument-master';
import { type InstrumentSource, NoListError } from './instrument-source';
import { MemoryInstrumentStore } from './instrument-store';
import { ListReader } from './list-reader';
import { SubscriptionResolver } from './subscription-resolver';
import { UnlistedNamesError } from './unlisted-names.error';

/** A vendor's list that a test writes. */
class WrittenList implements InstrumentSource {
  readonly name: string;
  asked = 0;
  failure: Error | undefined;

  constructor(
    readonly feed: FeedName,
    public instruments: readonly Instrument[],
  ) {
    this.name = `list of ${feed}`;
  }

  read() {
    this.asked += 1;
    return this.failure
      ? Promise.reject(this.failure)
      : Promise.resolve({ instruments: this.instruments, unreadableRows: 0 });
  }
}

const pairs = ['SUSDT', 'BTCPLN', '1000SATSUSDT', '币安人生USDT', 'WUSDT'].map((symbol) => aPair(symbol));
const shares = ['M&M', 'SUSDT_LTD', 'NIFTY24DECFUT'].map((symbol) => aShare(symbol, { feed: 'truedata' }));

/** A master with what a service does with it at its start. */
function started(master: InstrumentMaster, store: MemoryInstrumentStore) {
  return {
    readNow: (feed: FeedName) => master.readNow(feed),
    async subscribe(names: readonly string[] | undefined, own: ReadonlyMap<FeedName, readonly string[]>) {
      const subscribed = await new SubscriptionResolver(master, store).resolve(names, own);
      master.keepDescribed(subscribed);
      return subscribed;
    },
  };
}

describe('the instrument master', () => {
  const directory = mkdtempSync(join(tmpdir(), 'instruments-'));
  const masters: InstrumentMaster[] = [];
  const changes: [FeedName, readonly string[]][] = [];

  const masterOf = (...lists: WrittenList[]) => {
    const store = new MemoryInstrumentStore();
    const master = new InstrumentMaster(
      lists.map((list) => new ListReader(list.feed, [list], store, directory)),
      store,
      () => Promise.resolve(),
      (feed, symbols) => void changes.push([feed, symbols]),
    );
    masters.push(master);
    return started(master, store);
  };
  const binance = () => new WrittenList('binance', pairs);
  const truedata = () => new WrittenList('truedata', shares);
  const none = new Map<FeedName, readonly string[]>();

  afterEach(async () => {
    for (const master of masters.splice(0)) await master.beforeApplicationShutdown();
    changes.length = 0;
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it.each(['SUSDT', 'susdt', 'btcpln', '1000SATSUSDT', '币安人生usdt'])(
    'takes %s because the venue lists it',
    async (name) => {
      const found = await masterOf(binance()).subscribe([name], none);
      expect(found.get('binance')?.symbols).toEqual([name.toUpperCase()]);
    },
  );

  it('gives each name to the vendor that lists it', async () => {
    const found = await masterOf(binance(), truedata()).subscribe(
      ['M&M', 'SUSDT', 'nifty24decfut', 'nifty'],
      none,
    );
    expect(found.get('binance')?.symbols).toEqual(['SUSDT']);
    expect(found.get('truedata')?.symbols).toEqual(['M&M', 'NIFTY24DECFUT', 'NIFTY 50']);
    expect(found.get('truedata')?.assetClassOf('NIFTY 50')).toBe('index');
  });

  it('refuses what nobody lists, with the nearest names', async () => {
    const refused = masterOf(binance(), truedata()).subscribe(['SUSDX', 'BTCPLN', 'QQQQ'], none);
    await expect(refused).rejects.toThrow(UnlistedNamesError);
    await expect(refused).rejects.toThrow('SUSDX is not listed; the nearest names are SUSDT');
    await expect(refused).rejects.toThrow('QQQQ is not listed');
  });

  it('refuses one name of two feeds: their prices could not be told apart', async () => {
    const abb = aShare('ABB', { feed: 'alpaca', exchange: 'NYSE', aliases: ['NYSE:ABB'] });
    const lists = [new WrittenList('truedata', [aShare('ABB')]), new WrittenList('alpaca', [abb])] as const;
    const found = await masterOf(...lists).subscribe(['ABB', 'AAPL'], none);
    expect(found.get('truedata')?.symbols).toEqual(['ABB']);
    expect(found.get('alpaca')?.symbols).toEqual(['AAPL']);
    const refused = masterOf(...lists).subscribe(['ABB', 'NYSE:ABB'], none);
    await expect(refused).rejects.toThrow('ABB would be subscribed from truedata and from alpaca');
  });

  it('asks no vendor for names that come with the platform', async () => {
    const list = binance();
    const found = await masterOf(list).subscribe(['btc/usdt', 'ETH-USDT'], none);
    expect([found.get('binance')?.symbols, list.asked]).toEqual([['BTCUSDT', 'ETHUSDT'], 0]);
  });

  it('subscribes a feed its own list where no name of it is written', async () => {
    const own = new Map<FeedName, readonly string[]>([['truedata', ['INFY', 'NIFTY']]]);
    const found = await masterOf(binance(), truedata()).subscribe(['WUSDT'], own);
    expect(found.get('truedata')?.symbols).toEqual(['INFY', 'NIFTY 50']);
    const all = await masterOf(truedata()).subscribe(undefined, own);
    expect(all.get('truedata')?.symbols).toEqual(['INFY', 'NIFTY 50']);
  });

  it('gives a name that nobody can look up to a feed that writes names so', async () => {
    const lists = [binance(), new WrittenList('alpaca', [])] as const;
    for (const list of lists) list.failure = new Error('cannot be reached');
    const found = await masterOf(...lists).subscribe(['brk-b', 'PEPEUSDT'], none);
    expect(found.get('alpaca')?.symbols).toEqual(['BRK.B']);
    expect(found.get('binance')?.symbols).toEqual(['PEPEUSDT']);
  }, 15_000);

  it('takes names as they are written while the list cannot be had, and says later what is not in it', async () => {
    const list = binance();
    list.failure = new Error('cannot be reached');
    const master = masterOf(list);
    const subscribed = (await master.subscribe(['SUSDT', 'SUSDX'], none)).get('binance');
    expect(subscribed?.all.map(({ symbol, status, quantityStep }) => [symbol, status, quantityStep])).toEqual(
      [
        ['SUSDT', 'unlisted', null],
        ['SUSDX', 'unlisted', null],
      ],
    );
    list.failure = undefined;
    await master.readNow('binance');
    expect(subscribed?.get('SUSDT')).toMatchObject({ status: 'trading', quantityStep: 0.00001 });
    expect(subscribed?.unlisted).toEqual([
      { symbol: 'SUSDX', reason: 'not listed; the nearest names are SUSDT, WUSDT' },
    ]);
  }, 20_000);

  it('counts a part of the market that the login does not have as no failure', async () => {
    const missing = truedata();
    missing.failure = new NoListError('No data exists');
    const store = new MemoryInstrumentStore();
    const reader = new ListReader('truedata', [missing, truedata()], store, directory);
    expect(await reader.read()).toMatchObject({ complete: true });
  });

  it('tells what a newer list describes differently, to whoever has the older', async () => {
    const list = binance();
    const master = masterOf(list);
    const subscribed = (await master.subscribe(['SUSDT'], none)).get('binance');
    list.instruments = pairs.map((pair) => (pair.symbol === 'SUSDT' ? { ...pair, minNotional: 7 } : pair));
    await master.readNow('binance');
    expect(subscribed?.get('SUSDT')?.minNotional).toBe(7);
    expect(changes.at(-1)).toEqual(['binance', expect.arrayContaining(['SUSDT'])]);
  });

  it.each<[string, readonly Instrument[]]>([
    ['empty', []],
    ['cut to a part', pairs.slice(0, 2)],
  ])('delists nothing for a list that comes back %s', async (_title, instruments) => {
    const list = binance();
    const store = new MemoryInstrumentStore();
    const reader = new ListReader('binance', [list], store, directory);
    expect(await reader.read()).toMatchObject({ complete: true });
    list.instruments = instruments;
    expect(await reader.read()).toEqual({ changed: [], complete: false });
    expect(await store.lists()).toMatchObject([{ lastError: expect.stringContaining('were expected') }]);
  });

  it("keeps what the vendor said when its list fails, whatever a user's file adds to it", async () => {
    const list = new WrittenList('binance', [
      aPair('BTCUSDT', { status: 'halted', source: 'list of binance' }),
    ]);
    const store = new MemoryInstrumentStore();
    const reader = new ListReader('binance', [list], store, directory);
    await reader.read();
    writeFileSync(join(directory, 'mine.csv'), 'symbol,maxQuantity\nBTCUSDT,1\nBTCUSDT,2');
    list.failure = new Error('cannot be reached');
    await reader.read();
    rmSync(join(directory, 'mine.csv'));
    expect(await store.named('binance', ['BTCUSDT'])).toMatchObject([
      { status: 'halted', maxQuantity: 9_000 },
    ]);
  });

  it('refuses no name while a list cannot be read, though an earlier run had it', async () => {
    const list = binance();
    const store = new MemoryInstrumentStore();
    const earlier = new ListReader('binance', [list], store, directory);
    await earlier.read();
    list.failure = new Error('cannot be reached');
    const master = new InstrumentMaster(
      [earlier],
      store,
      () => Promise.resolve(),
      () => undefined,
    );
    masters.push(master);
    const found = await started(master, store).subscribe(['NEWUSDT'], none);
    expect(found.get('binance')?.get('NEWUSDT')).toMatchObject({ status: 'unlisted' });
  }, 20_000);

  it("lets a user's file change what the vendor lists, and add to it", async () => {
    writeFileSync(
      join(directory, 'mine.csv'),
      'feed,symbol,exchange,assetClass,minNotional\nbinance,SUSDT,,,42\nbinance,OWNUSDT,OWN,crypto,',
    );
    const found = await masterOf(binance()).subscribe(['SUSDT', 'OWNUSDT'], none);
    rmSync(join(directory, 'mine.csv'));
    expect(found.get('binance')?.get('SUSDT')).toMatchObject({ minNotional: 42, quantityStep: 0.00001 });
    expect(found.get('binance')?.get('OWNUSDT')).toMatchObject({ exchange: 'OWN', quantityStep: null });
  });
});
