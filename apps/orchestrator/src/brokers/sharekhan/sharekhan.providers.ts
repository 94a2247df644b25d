import type { Provider } from '@nestjs/common';
import { PaperBroker } from '../paper/paper.broker';
import { Brokers } from '../brokers';
import { ShareKhanBooks } from './sharekhan.books';
import { ShareKhanBroker } from './sharekhan.broker';
import { ShareKhanClient } from './sharekhan.client';
import { ShareKhanInstruments } from './sharekhan.instruments';
import { ShareKhanLogin } from './sharekhan.login';
import { ShareKhanMetrics } from './sharekhan.metrics';
import { ShareKhanOptions } from './sharekhan.options';

/** What trades with ShareKhan. */
export const shareKhanParts = [
  ShareKhanBooks,
  ShareKhanBroker,
  ShareKhanClient,
  ShareKhanInstruments,
  ShareKhanLogin,
  ShareKhanMetrics,
];

/** The brokers of this installation: paper always, ShareKhan where it is set up. */
export function brokerProviders(shareKhan: ShareKhanOptions | undefined): Provider[] {
  if (!shareKhan) {
    const useFactory = (paper: PaperBroker) => new Brokers([paper]);
    return [{ provide: Brokers, inject: [PaperBroker], useFactory }];
  }
  return [
    { provide: ShareKhanOptions, useValue: shareKhan },
    ...shareKhanParts,
    {
      provide: Brokers,
      inject: [PaperBroker, ShareKhanBroker],
      useFactory: (paper: PaperBroker, real: ShareKhanBroker) => new Brokers([paper, real]),
    },
  ];
}
