import { Controller } from '@nestjs/common';
import type { EndpointInput, InstrumentAnswer, InstrumentsAnswer } from '@tickbridge/contracts';
import { Input, ProblemException, Serve } from '@tickbridge/service-bootstrap';
import { InstrumentTable, lookUpKeys } from '@tickbridge/trading-core';
import { InstrumentMaster } from './instrument-master';
import { InstrumentStore, MemoryInstrumentStore } from './instrument-store';
import { Subscriptions } from './subscriptions';
import { nearestNames } from './nearest-names';

/** Changes of one instrument that are shown. */
const SHOWN_CHANGES = 50;

@Controller()
export class InstrumentsController {
  constructor(
    private readonly master: InstrumentMaster,
    private readonly store: InstrumentStore,
    private readonly subscriptions: Subscriptions,
  ) {}

  @Serve('GET /api/v1/instruments')
  async list(@Input() { query }: EndpointInput<'GET /api/v1/instruments'>): Promise<InstrumentsAnswer> {
    const { subscribed, ...wanted } = query;
    const store = subscribed === 'true' ? new MemoryInstrumentStore(this.subscriptions.all) : this.store;
    const [found, lists] = await Promise.all([store.search(wanted), this.listsOrNone()]);
    return { ...found, lists };
  }

  @Serve('GET /api/v1/instruments/:symbol')
  async one(
    @Input() { params: { symbol: name }, query }: EndpointInput<'GET /api/v1/instruments/:symbol'>,
  ): Promise<InstrumentAnswer> {
    const feeds = query.feed ? [query.feed] : this.master.feedNames;
    for (const feed of feeds) {
      const instrument = new InstrumentTable(await this.store.named(feed, lookUpKeys(name))).find(name);
      if (!instrument) continue;
      return { instrument, changes: await this.store.changes(feed, instrument.symbol, SHOWN_CHANGES) };
    }
    for (const feed of feeds) this.master.unknownName(feed);
    const listed = (await Promise.all(feeds.map((feed) => this.store.symbols(feed)))).flat();
    const nearest = nearestNames(name, listed);
    throw new ProblemException(
      404,
      'INSTRUMENT_UNKNOWN',
      nearest.length === 0
        ? `No list of ${feeds.join(' or ')} has ${name}.`
        : `No list of ${feeds.join(' or ')} has ${name}; the nearest names are ${nearest.join(', ')}.`,
    );
  }

  /** What is subscribed is known without PostgreSQL; how its lists were read is not. */
  private listsOrNone() {
    return this.store.lists().catch(() => []);
  }
}
