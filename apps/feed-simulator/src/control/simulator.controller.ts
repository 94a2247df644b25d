import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { toIso } from '@tickbridge/contracts';
import { SimulatorConfig } from '../config/app.config';
import { AlpacaServer } from '../alpaca/alpaca.server';
import { BinanceServer } from '../binance/binance.server';
import { MarketLoop } from './market-loop';
import { SimulatedMarket } from '../market/simulated-market';
import { TrueDataServer } from '../truedata/truedata.server';
import { faultSchema, type Fault } from '../truedata/faults';

/** What the simulator is doing. */
export interface SimulatorStatus {
  seed: number;
  ticksPerSecond: number;
  symbols: number;
  sessionStartedAt: string;
  events: number;
  trueData: ReturnType<TrueDataServer['status']>;
  binance: { enabled: boolean; connections: number };
  alpaca: { connections: number; symbols: number };
}

@ApiTags('simulator')
@Controller('api/v1/simulator')
export class SimulatorController {
  constructor(
    private readonly config: SimulatorConfig,
    private readonly market: SimulatedMarket,
    private readonly loop: MarketLoop,
    private readonly trueData: TrueDataServer,
    private readonly binance: BinanceServer,
    private readonly alpaca: AlpacaServer,
  ) {}

  @Get('status')
  @ApiOperation({ summary: 'Market, sessions and connections' })
  status(): SimulatorStatus {
    return {
      seed: this.config.seed,
      ticksPerSecond: this.config.ticksPerSecond,
      symbols: [...this.market.symbols].length,
      sessionStartedAt: toIso(this.market.sessionStartedAt),
      events: this.loop.eventCount,
      trueData: this.trueData.status(),
      binance: { enabled: this.binance.enabled, connections: this.binance.connections },
      alpaca: { connections: this.alpaca.connections, symbols: this.alpaca.symbols },
    };
  }

  @Post('faults')
  @HttpCode(200)
  @ApiBearerAuth()
  @ApiOperation({
    summary: 'Shows a fault of a vendor: dropped sockets, silence, bad frames, refused logins',
  })
  fault(@Body({ schema: faultSchema }) fault: Fault): SimulatorStatus {
    this.trueData.show(fault);
    if (fault.kind === 'drop-connections') {
      this.binance.dropConnections();
      this.alpaca.dropConnections();
    } else if (fault.kind === 'mute') this.alpaca.mute(fault.durationMs);
    else if (fault.kind === 'clear') this.alpaca.unmute();
    return this.status();
  }
}
