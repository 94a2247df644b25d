import { type DynamicModule, Module } from '@nestjs/common';
import type { OrchestratorConfig } from './app.config';
import { PaperAssumptions } from './brokers/paper/paper.venues';
import { ForwardingKey } from './desk/forward-to-holder.interceptor';
import { LoginStates } from './desk/login-states';
import { RiskManagerAddress } from './risk/risk-manager.address';
import { StrategyDefaults } from './strategies/strategy-defaults';
import { MarketDataAddress } from './trace/feed-status.client';

/** Addresses and keys from the environment, for the rooms that ask for them. */
@Module({})
export class OrchestratorSettingsModule {
  static forConfig(config: OrchestratorConfig): DynamicModule {
    const { serviceKey, marketDataUrl, riskManagerUrl, tokenEncryptionKeys } = config;
    return {
      module: OrchestratorSettingsModule,
      global: true,
      providers: [
        { provide: MarketDataAddress, useValue: { url: marketDataUrl, internalApiKey: serviceKey } },
        { provide: RiskManagerAddress, useValue: { url: riskManagerUrl, internalApiKey: serviceKey } },
        { provide: ForwardingKey, useValue: { serviceKey } },
        { provide: PaperAssumptions, useValue: config.paperAssumptions },
        { provide: StrategyDefaults, useValue: config.strategyDefaults },
        { provide: LoginStates, useFactory: () => new LoginStates(tokenEncryptionKeys) },
      ],
      exports: [
        MarketDataAddress,
        RiskManagerAddress,
        ForwardingKey,
        PaperAssumptions,
        StrategyDefaults,
        LoginStates,
      ],
    };
  }
}
