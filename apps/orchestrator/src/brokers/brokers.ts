import { Injectable } from '@nestjs/common';
import { merge, type Observable } from 'rxjs';
import type { StoredAccount } from '../accounts/account.repository';
import type { Broker } from './broker';

/** Calls longer ago say nothing about now (milliseconds). */
const WINDOW_MS = 60_000;

/** Calls of an account's broker in the last minute. */
export interface CallCount {
  failed: number;
  total: number;
}

/** The brokers this installation can trade with, by name. */
@Injectable()
export class Brokers {
  readonly news$: Observable<{ accountId: string }>;
  private readonly calls = new Map<string, { at: number; failed: boolean }[]>();

  constructor(private readonly brokers: readonly Broker[]) {
    this.news$ = merge(...brokers.map(({ news$ }) => news$));
  }

  /** @throws RangeError when the account's broker is not set up here */
  of({ id, broker: name }: StoredAccount): Broker {
    const broker = this.brokers.find((candidate) => candidate.name === name);
    if (broker) return broker;
    throw new RangeError(`account ${id} trades with ${name}, which is not set up here`);
  }

  has(name: StoredAccount['broker']): boolean {
    return this.brokers.some((broker) => broker.name === name);
  }

  /** A call has ended. */
  recordCall(accountId: string, failed: boolean): void {
    const calls = this.recent(accountId);
    calls.push({ at: performance.now(), failed });
    this.calls.set(accountId, calls);
  }

  callsOf(accountId: string): CallCount {
    const calls = this.recent(accountId);
    return { failed: calls.filter(({ failed }) => failed).length, total: calls.length };
  }

  private recent(accountId: string) {
    const since = performance.now() - WINDOW_MS;
    return (this.calls.get(accountId) ?? []).filter(({ at }) => at >= since);
  }
}
