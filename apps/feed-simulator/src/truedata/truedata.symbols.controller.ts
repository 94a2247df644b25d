import { Controller, Get, Header, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { SimulatorConfig } from '../config/app.config';
import { INDEX_REFERENCE, TICK_SIZE } from '../market/instruments';
import { SimulatedMarket } from '../market/simulated-market';

const querySchema = z.object({
  segment: z.string().toLowerCase(),
  user: z.string().min(1),
  password: z.string(),
});
type SymbolsQuery = z.output<typeof querySchema>;

const HEADER = 'symbolid,symbol,series,isin,exchange,lotsize,ticksize,companyname';

/** TrueData's symbol master, as far as market-data reads it. Problems are text with status 200, as the vendor's are. */
@ApiTags('truedata')
@Controller()
export class TrueDataSymbolsController {
  constructor(
    private readonly config: SimulatorConfig,
    private readonly market: SimulatedMarket,
  ) {}

  @Get('getAllSymbols')
  @Header('content-type', 'text/csv')
  @ApiOperation({ summary: 'The listed symbols of one segment as CSV' })
  symbols(@Query({ schema: querySchema }) { segment, password }: SymbolsQuery): string {
    if (password !== this.config.password) return 'Invalid User Credentials';
    if (segment !== 'eq' && segment !== 'in') return `No data exists for segment ${segment}`;
    const isIndex = segment === 'in';
    const listed = [...this.market.symbols].filter(({ name }) => name in INDEX_REFERENCE === isIndex);
    const rows = listed.map(({ id, name }) =>
      [id, name, isIndex ? 'IN' : 'EQ', '', 'NSE', isIndex ? '' : 1, isIndex ? '' : TICK_SIZE, name].join(
        ',',
      ),
    );
    return [HEADER, ...rows].join('\n');
  }
}
