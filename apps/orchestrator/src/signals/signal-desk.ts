import { Injectable } from '@nestjs/common';
import { type Signal, SUBJECTS } from '@tickbridge/contracts';
import { ServiceBus } from '@tickbridge/service-bootstrap';
import { SignalBuffer } from '@tickbridge/shared-cache';
import { OrderDesk } from '../orders/order-desk';
import { PipelineCounters } from '../trace/pipeline-counters';
import { SignalRepository } from './signal.repository';

/** Life of a signal: stored, buffered, announced, turned into orders, done. Safe to repeat at every point. */
@Injectable()
export class SignalDesk {
  constructor(
    private readonly repository: SignalRepository,
    private readonly buffer: SignalBuffer,
    private readonly orders: OrderDesk,
    private readonly bus: ServiceBus,
    private readonly counters: PipelineCounters,
  ) {}

  async handle(signal: Signal): Promise<void> {
    if (await this.repository.insert(signal)) {
      await this.buffer.append(signal);
      this.bus.emit(SUBJECTS.signalCreated, signal);
    }
    await this.order(signal);
  }

  /** Takes up what an earlier run of this service left undone. */
  async resume(): Promise<void> {
    await this.orders.resume();
    for (const signal of await this.repository.pending()) await this.order(signal);
  }

  private async order(signal: Signal): Promise<void> {
    const { ordered, reasons } = await this.orders.handle(signal);
    await this.repository.markHandled(signal.id);
    if (ordered > 0) this.counters.passed('signal');
    for (const reason of reasons) this.counters.stopped('signal', reason);
  }
}
