import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { z } from 'zod';
import { BinanceServer } from './binance.server';
import { klineRow } from './klines';

const klinesQuerySchema = z.object({
  symbol: z.string().min(1).toUpperCase(),
  interval: z.literal('1m', 'the recordings are served as one-minute candles only'),
  limit: z.coerce.number().int().min(1).max(1_000).default(500),
});
type KlinesQuery = z.output<typeof klinesQuerySchema>;

/** The two REST answers market-data needs, computed from the recordings. */
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

  @Get('exchangeInfo')
  @ApiOperation({ summary: 'Recorded symbols with their price and lot steps' })
  async exchangeInfo(): Promise<{ timezone: string; symbols: unknown[] }> {
    const klines = await this.binance.klines();
    return {
      timezone: 'UTC',
      symbols: [...klines].map(([symbol, candles]) => ({
        symbol,
        status: 'TRADING',
        filters: [{ filterType: 'PRICE_FILTER', tickSize: stepOf(candles[0]?.open ?? '') }],
      })),
    };
  }
}

/** Finest step the price text shows: `61837.63000000` trades in steps of `0.01000000`. */
function stepOf(price: string): string {
  const decimals = (price.split('.')[1] ?? '').replace(/0+$/, '').length;
  return (10 ** -decimals).toFixed(8);
}
