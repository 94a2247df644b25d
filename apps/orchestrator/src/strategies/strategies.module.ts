import { Module } from '@nestjs/common';
import { StrategiesController } from './strategies.controller';
import { StrategyDesk } from './strategy-desk';
import { StoredCandles } from './stored-candles';
import { StrategySettingsRepository } from './strategy-settings.repository';

/** The strategies that run, and their settings. */
@Module({
  controllers: [StrategiesController],
  providers: [StoredCandles, StrategyDesk, StrategySettingsRepository],
  exports: [StrategyDesk],
})
export class StrategiesModule {}
