import { Injectable } from '@nestjs/common';
import type { Fill, Order, Signal } from '@tickbridge/contracts';
import { LRUCache } from 'lru-cache';
import { StreamHub } from '../stream/stream.hub';

/** Things remembered so that nothing is told twice. */
const REMEMBERED = 5_000;

/**
 * What happened in trading, told to the browsers once, whichever way it was learned: announced over Redis, or
 * found by asking the orchestrator.
 */
@Injectable()
export class TradingNews {
  private readonly told = new LRUCache<string, string>({ max: REMEMBERED });

  constructor(private readonly hub: StreamHub) {}

  signal(signal: Signal): void {
    if (this.isNews(`signal ${signal.id}`, '')) this.hub.announce('signal', signal);
  }

  /** An older state than the one told last is no news. */
  order(order: Order): void {
    const key = `order ${order.id}`;
    const version = `${order.updatedAt} ${order.status} ${order.filledQuantity}`;
    if ((this.told.get(key) ?? '') > version) return;
    if (this.isNews(key, version)) this.hub.announce('order', order);
  }

  fill(fill: Fill): void {
    if (this.isNews(`fill ${fill.accountId} ${fill.tradeId}`, '')) this.hub.announce('fill', fill);
  }

  private isNews(key: string, version: string): boolean {
    if (this.told.get(key) === version) return false;
    this.told.set(key, version);
    return true;
  }
}
