import { type DynamicModule, Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module';
import { PipelineCountersModule } from '../pipeline-counters/pipeline-counters.module';
import { TokensModule } from '../tokens/tokens.module';
import { Brokers } from './brokers';
import { PaperBooks } from './paper/paper.books';
import { PaperBroker } from './paper/paper.broker';
import { PaperVenues } from './paper/paper.venues';
import { RestingOrders } from './paper/resting-orders';
import type { ShareKhanOptions } from './sharekhan/sharekhan.options';
import { brokerProviders, shareKhanParts } from './sharekhan/sharekhan.providers';

/** The port to brokers, and an adapter each. Global: which there are is a setting, so this module is made once. */
@Module({})
export class BrokersModule {
  static forShareKhan(options: ShareKhanOptions | undefined): DynamicModule {
    return {
      module: BrokersModule,
      global: true,
      imports: [AccountsModule, PipelineCountersModule, TokensModule],
      providers: [PaperBooks, PaperVenues, RestingOrders, PaperBroker, ...brokerProviders(options)],
      exports: [Brokers, PaperBooks, PaperBroker, ...(options ? shareKhanParts : [])],
    };
  }
}
