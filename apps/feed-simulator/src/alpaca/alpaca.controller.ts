import { Controller, Get, Headers, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { z } from 'zod';
import { SimulatorConfig } from '../config/app.config';
import { sessionStart, SESSION_MS } from '../market/trading-session';
import { barFields, snapshot } from './alpaca.encoder';
import { AlpacaServer } from './alpaca.server';
import { UsMarket } from './us-market';
import { US_SHARES } from './us-shares';

const names = z
  .string()
  .min(1)
  .transform((text) => text.split(','));
/** The vendor may answer less than was asked for; this makes clients follow the pages. */
const MAX_PAGE = 200;

const barsQuerySchema = z.object({
  symbols: names,
  timeframe: z.literal('1Min', 'the simulator keeps one-minute bars only'),
  start: z.iso.datetime({ offset: true }).optional(),
  end: z.iso.datetime({ offset: true }).optional(),
  limit: z.coerce.number().int().min(1).max(10_000).default(1_000),
  sort: z.enum(['asc', 'desc']).default('asc'),
  feed: z.string().optional(),
  page_token: z.coerce.number().int().min(0).default(0),
});
type BarsQuery = z.output<typeof barsQuerySchema>;

const snapshotsQuerySchema = z.object({ symbols: names, feed: z.string().optional() });
type SnapshotsQuery = z.output<typeof snapshotsQuerySchema>;

const assetsQuerySchema = z.object({
  status: z.enum(['active', 'inactive']).default('active'),
  asset_class: z.string().default('us_equity'),
});
type AssetsQuery = z.output<typeof assetsQuerySchema>;

type Login = Record<string, string | undefined>;

/** The REST answers of Alpaca's data and trading hosts, as far as market-data asks for them. */
@ApiTags('alpaca')
@Controller('v2')
export class AlpacaController {
  constructor(
    private readonly config: SimulatorConfig,
    private readonly market: UsMarket,
    private readonly server: AlpacaServer,
  ) {}

  @Get('stocks/bars')
  @ApiOperation({ summary: 'One-minute bars of US shares, page by page' })
  bars(@Headers() login: Login, @Query({ schema: barsQuerySchema }) query: BarsQuery): object {
    this.admit(login);
    const { symbols, sort, page_token: from } = query;
    const [after, until] = [Date.parse(query.start ?? ''), Date.parse(query.end ?? '')];
    const rows = symbols.flatMap((symbol) => {
      const bars = [...(this.market.find(symbol)?.minutes.all ?? [])].filter(
        ({ start }) => !(start < after) && !(start > until),
      );
      return (sort === 'desc' ? bars.reverse() : bars).map((bar) => ({ symbol, bar: barFields(bar) }));
    });
    const to = from + Math.min(query.limit, MAX_PAGE);
    const bars: Record<string, object[]> = {};
    for (const { symbol, bar } of rows.slice(from, to)) (bars[symbol] ??= []).push(bar);
    return { bars, next_page_token: to < rows.length ? String(to) : null };
  }

  @Get('stocks/snapshots')
  @ApiOperation({ summary: 'Latest trade, quote and bars of US shares' })
  snapshots(
    @Headers() login: Login,
    @Query({ schema: snapshotsQuerySchema }) { symbols }: SnapshotsQuery,
  ): Record<string, object> {
    this.admit(login);
    const startedAt = sessionStart(Date.now());
    return Object.fromEntries(
      symbols.flatMap((name) => {
        const symbol = this.market.find(name);
        return symbol === undefined ? [] : [[name, snapshot(symbol, startedAt)]];
      }),
    );
  }

  @Get('assets')
  @ApiOperation({ summary: 'The listed US shares' })
  assets(
    @Headers() login: Login,
    @Query({ schema: assetsQuerySchema }) { status, asset_class }: AssetsQuery,
  ): object[] {
    this.admit(login);
    if (status !== 'active' || asset_class !== 'us_equity') return [];
    return US_SHARES.map(({ symbol, name, exchange }, index) => ({
      id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      class: 'us_equity',
      exchange,
      symbol,
      name,
      status: 'active',
      tradable: true,
      marginable: true,
      shortable: true,
      easy_to_borrow: true,
      fractionable: true,
      attributes: [],
    }));
  }

  @Get('clock')
  @ApiOperation({ summary: 'Whether the market is open: the simulated one always is' })
  clock(@Headers() login: Login): object {
    this.admit(login);
    const now = Date.now();
    const next = new Date(sessionStart(now) + SESSION_MS).toISOString();
    return { timestamp: new Date(now).toISOString(), is_open: true, next_open: next, next_close: next };
  }

  /** Brings the market up to now as well: nobody may be connected to its stream. */
  private admit(login: Login): void {
    const { key, secret } = this.config.alpaca;
    if (login['apca-api-key-id'] !== key || login['apca-api-secret-key'] !== secret) {
      throw new ProblemException(403, 'FORBIDDEN', 'forbidden.');
    }
    this.server.advance(Date.now());
  }
}
