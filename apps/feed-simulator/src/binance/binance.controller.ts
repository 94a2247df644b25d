import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { z } from 'zod';
import { aggTradeRow } from './agg-trades';
import { BinanceServer } from './binance.server';
import { exchangeInfoRow } from './exchange-info';
import { klineRow } from './klines';

const klinesQuerySchema = z.object({
  symbol: z.string().min(1).toUpperCase(),
  interval: z.literal('1m', 'the recordings are served as one-minute candles only'),
  limit: z.coerce.number().int().min(1).max(1_000).default(500),
});
type KlinesQuery = z.output<typeof klinesQuerySchema>;

const aggTradesQuerySchema = z.object({
  symbol: z.string().min(1).toUpperCase(),
  /** Number of the first row; without it and `startTime` the newest rows are answered. */
  fromId: z.coerce.number().int().min(0).optional(),
  startTime: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(500),
});
type AggTradesQuery = z.output<typeof aggTradesQuerySchema>;

/** The REST answers market-data needs, computed from the recordings. */
@ApiTags('binance')
@Controller('api/v3')
export class BinanceController {
  constructor(private readonly binance: BinanceServer) {}

  @Get('klines')
  @ApiOperation({ summary: 'One-minute candles of a recorded symbol' })
  async klines(@Query({ schema: klinesQuerySchema }) query: KlinesQuery): Promise<(string | number)[][]> {
    const klines = (await this.binance.klines()).get(query.symbol);
    if (klines === undefined) throw new ProblemException(400, 'INVALID_SYMBOL', 'Invalid symbol.');
    return klines.slice(-query.limit).map(klineRow);
  }

  @Get('aggTrades')
  @ApiOperation({ summary: 'Trades of a recorded symbol, neighbours of one price told as one, up to now' })
  async aggTrades(@Query({ schema: aggTradesQuerySchema }) query: AggTradesQuery): Promise<unknown[]> {
    const { symbol, fromId, startTime, limit } = query;
    const rows = await this.binance.aggTrades(symbol);
    if (rows === undefined) throw new ProblemException(400, 'INVALID_SYMBOL', 'Invalid symbol.');
    if (fromId === undefined && startTime === undefined) return rows.slice(-limit).map(aggTradeRow);
    const first = rows.findIndex(({ id, time }) => id >= (fromId ?? 0) && time >= (startTime ?? 0));
    return first < 0 ? [] : rows.slice(first, first + limit).map(aggTradeRow);
  }

  @Get('exchangeInfo')
  @ApiOperation({ summary: 'Recorded symbols with their price and lot steps' })
  async exchangeInfo(): Promise<{ timezone: string; symbols: object[] }> {
    const decimals = await this.binance.decimals();
    return {
      timezone: 'UTC',
      symbols: [...decimals].map(([symbol, finest]) => exchangeInfoRow(symbol, finest)),
    };
  }
}
