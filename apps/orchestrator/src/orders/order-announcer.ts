import { Injectable } from '@nestjs/common';
import { SUBJECTS } from '@tickbridge/contracts';
import type { fills } from '@tickbridge/database';
import { ServiceBus } from '@tickbridge/service-bootstrap';
import { PipelineCounters } from '../trace/pipeline-counters';
import { type OrderRow, toFill, toOrder } from './order.rows';

/** Tells the other services, and the trace, what was committed. */
@Injectable()
export class OrderAnnouncer {
  constructor(
    private readonly bus: ServiceBus,
    private readonly counters: PipelineCounters,
  ) {}

  order(row: OrderRow): void {
    this.bus.emit(SUBJECTS.orderUpdated, toOrder(row));
  }

  fill(row: typeof fills.$inferSelect): void {
    this.counters.passed('fill');
    this.bus.emit(SUBJECTS.fillCreated, toFill(row));
  }
}
