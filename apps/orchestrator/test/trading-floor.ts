import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bar, PipelineTrace, Tick } from '@tickbridge/contracts';
import { createTestDatabase, type TestDatabase } from '@tickbridge/database';
import { PrivateRedis, waitFor } from '@tickbridge/shared-cache/testing';
import { Pool } from 'pg';
import { FeedProcess } from '../src/testing/feed-process';
import { ON_EVERY_BAR } from '../src/testing/on-every-bar';
import { RiskStub } from '../src/testing/risk-stub';
import { OrchestratorProcess, requiredVariable, TEST_KEY } from './orchestrator-process';

/** A price that everybody sees goes out this often (milliseconds). */
const TICK_MS = 200;
const BAR_MS = 5_000;

/** Everything an orchestrator needs around it: feed, Redis, PostgreSQL and a risk-manager. */
export class TradingFloor {
  private readonly directory = mkdtempSync(join(tmpdir(), 'floor-'));
  private readonly processes: OrchestratorProcess[] = [];
  private readonly prices = new Map<string, number>();
  private readonly unquoted = new Set<string>();
  private readonly offered = new Map<string, number>();
  private sequence = 0;
  private nextOpenTime = 0;

  private constructor(
    readonly redis: PrivateRedis,
    readonly database: TestDatabase,
    readonly sql: Pool,
    readonly risk: RiskStub,
    private readonly riskUrl: string,
    private readonly feed: FeedProcess,
    private readonly timer: NodeJS.Timeout,
  ) {}

  static async open(): Promise<TradingFloor> {
    const redis = await PrivateRedis.start(requiredVariable('TEST_REDIS_PROGRAM'));
    const database = await createTestDatabase(requiredVariable('TEST_DATABASE_URL'));
    const risk = new RiskStub();
    const riskUrl = await risk.start();
    const feed = await FeedProcess.start('simulator', redis.options, TEST_KEY);
    const timer = setInterval(() => floor.tick(), TICK_MS);
    const floor: TradingFloor = new TradingFloor(
      redis,
      database,
      // Its connections are cut when the database is dropped.
      new Pool({ connectionString: database.url, max: 2 }).on('error', () => undefined),
      risk,
      riskUrl,
      feed,
      timer,
    );
    return floor;
  }

  env(more: Record<string, string> = {}): Record<string, string> {
    return {
      REDIS_URL: this.redis.url,
      DATABASE_URL: this.database.url,
      DATA_DIR: this.directory,
      FEED: 'simulator',
      ...ON_EVERY_BAR,
      MARKET_DATA_HTTP_URL: this.feed.url,
      RISK_MANAGER_HTTP_URL: this.riskUrl,
      ...more,
    };
  }

  /** An orchestrator that is killed with the floor. */
  spawn(more: Record<string, string> = {}): OrchestratorProcess {
    const service = OrchestratorProcess.spawn('orchestrator', this.env(more));
    this.processes.push(service);
    return service;
  }

  async start(more: Record<string, string> = {}): Promise<OrchestratorProcess> {
    const service = this.spawn(more);
    await service.listening();
    // What it is shown before it hears the feed is old when it comes.
    await waitFor(async () => (await this.replicaOf(service)) > 0, { timeoutMs: 30_000 });
    return service;
  }

  /** The kill ladder does not step down by itself: prices jump here, whatever that does to what is held. */
  async ignoreLosses(service: OrchestratorProcess): Promise<void> {
    const thresholds = {
      dailyLossPercentOfLimit: {},
      drawdownPercentOfLimit: {},
      errorRatePercent: {},
      feedAgeMs: {},
      minimumCalls: 10,
    };
    const body = JSON.stringify({ thresholds, by: 'mira', reason: 'a test' });
    await waitFor(async () => (await service.fetch('trading/ladder', { method: 'PUT', body })).ok, {
      timeoutMs: 20_000,
    });
  }

  /** From now on the symbol has this price, fresh until the floor closes. */
  price(symbol: string, price: number): void {
    this.prices.set(symbol, price);
    this.tick();
  }

  /** From now on each quote of the symbol offers so much; without it, more than anybody asks for. */
  offer(symbol: string, quantity: number): void {
    this.offered.set(symbol, quantity);
    this.tick();
  }

  /** From now on nobody quotes the symbol; its trades go on. */
  stopQuoting(symbol: string): void {
    this.unquoted.add(symbol);
  }

  /** A bar of a symbol that nobody quotes, which opened after every order of now. */
  nextBar(symbol: string, prices: Pick<Bar, 'open' | 'high' | 'low' | 'close' | 'volume'>): void {
    const openTime = Math.max(Math.ceil(Date.now() / 1_000) * 1_000, this.nextOpenTime);
    this.nextOpenTime = openTime + BAR_MS;
    const quote = { bid: null, bidQuantity: null, ask: null, askQuantity: null };
    this.feed.publish([
      { symbol, intervalMs: BAR_MS, openTime, ...prices, trades: 10, ...quote, sequence: 1 },
    ]);
  }

  /** Quiet bars and a breakout whose bar closes now: momentum breakout buys. */
  breakout(symbol: string): void {
    const last = Math.floor(Date.now() / 1_000) * 1_000 - BAR_MS;
    const closes = [100, 100.2, 99.9, 100.1, 100, 101.5];
    this.price(symbol, 101.5);
    this.feed.publish(
      closes.map((close, index) => {
        const bar: Bar = {
          symbol,
          intervalMs: BAR_MS,
          openTime: last - (closes.length - 1 - index) * BAR_MS,
          open: close,
          high: close + 0.2,
          low: close - 0.2,
          close,
          volume: index === closes.length - 1 ? 300 : 100,
          trades: 10,
          bid: close - 0.05,
          bidQuantity: 100_000,
          ask: close + 0.05,
          askQuantity: 100_000,
          sequence: 1,
        };
        return bar;
      }),
    );
  }

  /** A bar of the symbol that closes now; everybody sees its price. */
  bar(symbol: string, { high, low, close }: Pick<Bar, 'high' | 'low' | 'close'>): void {
    const bar: Bar = {
      symbol,
      intervalMs: BAR_MS,
      openTime: Math.floor(Date.now() / 1_000) * 1_000 - BAR_MS,
      open: close,
      high,
      low,
      close,
      volume: 100,
      trades: 10,
      sequence: 1,
      bid: close - 0.05,
      bidQuantity: 100_000,
      ask: close + 0.05,
      askQuantity: this.offerOf(symbol),
    };
    this.price(symbol, close);
    this.feed.publish([bar]);
  }

  async rows<T>(query: string, values: unknown[] = []): Promise<T[]> {
    return (await this.sql.query(query, values)).rows as T[];
  }

  /** Where ledger and paper broker differ; empty when their books agree. */
  async differences(): Promise<unknown[]> {
    return this.rows(`
      select o.id, o.status, o.filled_quantity, p.status as broker_status, p.filled_quantity as broker_filled
      from trading.orders o
      full join trading.paper_orders p on p.account_id = o.account_id and p.client_order_id = o.client_order_id
      where o.id is null
        or (p.client_order_id is null and o.status not in ('Denied', 'Rejected'))
        or (p.client_order_id is not null and o.filled_quantity <> p.filled_quantity)
      union all
      select f.order_id, f.trade_id, f.quantity, t.trade_id, t.quantity
      from trading.fills f full join trading.paper_trades t on t.trade_id = f.trade_id
      where f.trade_id is null or t.trade_id is null`);
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.processes.map((service) => service.kill()));
    await this.feed.stop();
    await this.sql.end();
    await Promise.all([this.redis.stop(), this.risk.stop(), this.database.drop()]);
    rmSync(this.directory, { recursive: true });
  }

  private async replicaOf(service: OrchestratorProcess): Promise<number> {
    const { stages } = await service.get<PipelineTrace>('pipeline/trace');
    return stages.find(({ stage }) => stage === 'replica')?.passed ?? 0;
  }

  private offerOf(symbol: string): number {
    return this.offered.get(symbol) ?? 100_000;
  }

  private tick(): void {
    const now = Date.now();
    for (const [symbol, lastPrice] of this.prices) {
      const quoted = !this.unquoted.has(symbol);
      const tick: Tick = {
        symbol,
        assetClass: 'stock',
        lastPrice,
        lastQuantity: 1,
        volume: 1_000,
        open: lastPrice,
        high: lastPrice,
        low: lastPrice,
        previousClose: lastPrice,
        change: 0,
        changePercent: 0,
        bid: quoted ? lastPrice - 0.05 : null,
        bidQuantity: quoted ? 100_000 : null,
        ask: quoted ? lastPrice + 0.05 : null,
        askQuantity: quoted ? this.offerOf(symbol) : null,
        openInterest: null,
        eventTime: now,
        tradedAt: now,
        receivedAt: now,
        lagMs: 0,
        sequence: (this.sequence += 1),
        source: 'simulator',
      };
      this.feed.publishTick(tick);
    }
  }
}
