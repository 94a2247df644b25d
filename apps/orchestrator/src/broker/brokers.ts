import { Injectable } from '@nestjs/common';
import { merge, type Observable } from 'rxjs';
import type { StoredAccount } from '../accounts/account.repository';
import type { Broker } from './broker';

/** The brokers this installation can trade with, by name. */
@Injectable()
export class Brokers {
  readonly news$: Observable<{ accountId: string }>;

  constructor(private readonly brokers: readonly Broker[]) {
    this.news$ = merge(...brokers.map(({ news$ }) => news$));
  }

  /** @throws RangeError when the account's broker is not set up here */
  of({ id, broker: name }: StoredAccount): Broker {
    const broker = this.brokers.find((candidate) => candidate.name === name);
    if (broker) return broker;
    throw new RangeError(`account ${id} trades with ${name}, which is not set up here`);
  }
}
