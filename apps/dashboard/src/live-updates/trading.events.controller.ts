import { Controller, Logger } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { fillSchema, orderSchema, signalSchema, SUBJECTS } from '@tickbridge/contracts';
import type { ZodType } from 'zod';
import { TradingNews } from './trading.news';

/** Announcements of the orchestrator over Redis. What does not look as agreed is left out and logged. */
@Controller()
export class TradingEventsController {
  private readonly log = new Logger(TradingEventsController.name);

  constructor(private readonly news: TradingNews) {}

  @EventPattern(SUBJECTS.signalCreated)
  signal(@Payload() payload: unknown): void {
    this.take(SUBJECTS.signalCreated, signalSchema, payload, (signal) => this.news.signal(signal));
  }

  @EventPattern(SUBJECTS.orderUpdated)
  order(@Payload() payload: unknown): void {
    this.take(SUBJECTS.orderUpdated, orderSchema, payload, (order) => this.news.order(order));
  }

  @EventPattern(SUBJECTS.fillCreated)
  fill(@Payload() payload: unknown): void {
    this.take(SUBJECTS.fillCreated, fillSchema, payload, (fill) => this.news.fill(fill));
  }

  private take<T>(subject: string, schema: ZodType<T>, payload: unknown, tell: (event: T) => void): void {
    const event = schema.safeParse(payload);
    if (event.success) tell(event.data);
    else this.log.warn(`${subject}: a message of another shape was left out`);
  }
}
