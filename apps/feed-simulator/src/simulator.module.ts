import { type DynamicModule, Module } from '@nestjs/common';
import { SimulatorConfig } from './config/app.config';
import { AlpacaController } from './alpaca/alpaca.controller';
import { AlpacaServer } from './alpaca/alpaca.server';
import { UsMarket } from './alpaca/us-market';
import { BinanceController } from './binance/binance.controller';
import { BinanceServer } from './binance/binance.server';
import { SimulatorController } from './control/simulator.controller';
import { UpgradeRouter } from './control/upgrade.router';
import { MarketLoop } from './control/market-loop';
import { SimulatedMarket } from './market/simulated-market';
import { ShareKhanControlController } from './sharekhan/sharekhan.control.controller';
import { ShareKhanController } from './sharekhan/sharekhan.controller';
import { ShareKhanLoginController } from './sharekhan/sharekhan.login.controller';
import { ShareKhanServer } from './sharekhan/sharekhan.server';
import { TrueDataHistoryController } from './truedata/truedata.history.controller';
import { TrueDataSymbolsController } from './truedata/truedata.symbols.controller';
import { TrueDataServer } from './truedata/truedata.server';

@Module({})
export class SimulatorModule {
  static forConfig(config: SimulatorConfig): DynamicModule {
    return {
      module: SimulatorModule,
      controllers: [
        SimulatorController,
        TrueDataHistoryController,
        TrueDataSymbolsController,
        BinanceController,
        AlpacaController,
        ShareKhanController,
        ShareKhanLoginController,
        ShareKhanControlController,
      ],
      providers: [
        { provide: SimulatorConfig, useValue: config },
        { provide: SimulatedMarket, useFactory: () => new SimulatedMarket(config, Date.now()) },
        {
          provide: TrueDataServer,
          useFactory: (market: SimulatedMarket) => new TrueDataServer(market, config),
          inject: [SimulatedMarket],
        },
        {
          provide: BinanceServer,
          useFactory: () => new BinanceServer({ files: config.binanceFiles, speed: config.binanceSpeed }),
        },
        { provide: UsMarket, useFactory: () => new UsMarket(config, Date.now()) },
        {
          provide: AlpacaServer,
          useFactory: (market: UsMarket) =>
            new AlpacaServer(market, { ...config.alpaca, ghostSessionMs: config.ghostSessionMs }),
          inject: [UsMarket],
        },
        ShareKhanServer,
        MarketLoop,
        UpgradeRouter,
      ],
    };
  }
}
