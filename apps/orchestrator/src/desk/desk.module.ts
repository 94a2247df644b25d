import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module';
import { OrderChargesModule } from '../order-charges/order-charges.module';
import { OrdersModule } from '../orders/orders.module';
import { PortfolioModule } from '../portfolio/portfolio.module';
import { PositionsModule } from '../positions/positions.module';
import { RiskModule } from '../risk/risk.module';
import { SignalsModule } from '../signals/signals.module';
import { StrategiesModule } from '../strategies/strategies.module';
import { TokensModule } from '../tokens/tokens.module';
import { TradersModule } from '../traders/traders.module';
import { TradingStateModule } from '../trading-state/trading-state.module';
import { AccountAdmin } from './account-admin';
import { AccountView } from './account-view';
import { AccountsController } from './accounts.controller';
import { ChargeDifferences } from './charge-differences';
import { ChargeEstimates } from './charge-estimates';
import { ChargesController } from './charges.controller';
import { ContractNotes } from './contract-notes';
import { BrokerLoginController } from './broker-login.controller';
import { BrokerLogins } from './broker-logins';
import { BrokerStatements } from './broker-statements';
import { FeedSilenceMeter } from './feed-silence.meter';
import { Flattener } from './flattener';
import { ForwardToHolder } from './forward-to-holder.interceptor';
import { LadderThresholdStore } from './ladder-thresholds';
import { LadderTrips } from './ladder-trips';
import { LadderMeter } from './ladder.meter';
import { LadderWatch } from './ladder.watch';
import { ManualExits } from './manual-exits';
import { ManualOrders } from './manual-orders';
import { ManualSignals } from './manual-signals';
import { OrderChanges } from './order-changes';
import { OrdersController } from './orders.controller';
import { PositionExits } from './position-exits';
import { TradedAccounts } from './traded-accounts';
import { TradingController } from './trading.controller';
import { TransfersController } from './transfers.controller';
import { Transfers } from './transfers';

/** What a person does: orders, accounts, logins, and the ladder. */
@Module({
  imports: [
    AccountsModule,
    PositionsModule,
    TokensModule,
    TradingStateModule,
    SignalsModule,
    StrategiesModule,
    RiskModule,
    PortfolioModule,
    OrderChargesModule,
    OrdersModule,
    TradersModule,
  ],
  controllers: [
    ChargesController,
    OrdersController,
    AccountsController,
    BrokerLoginController,
    TradingController,
    TransfersController,
  ],
  providers: [
    AccountAdmin,
    AccountView,
    BrokerLogins,
    BrokerStatements,
    ChargeDifferences,
    ChargeEstimates,
    ContractNotes,
    FeedSilenceMeter,
    Flattener,
    ForwardToHolder,
    LadderMeter,
    LadderThresholdStore,
    LadderTrips,
    LadderWatch,
    ManualExits,
    ManualOrders,
    ManualSignals,
    OrderChanges,
    PositionExits,
    TradedAccounts,
    Transfers,
  ],
  exports: [Flattener, PositionExits],
})
export class DeskModule {}
