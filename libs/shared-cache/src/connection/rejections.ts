import { Counter, type Registry } from 'prom-client';

/** Why something found outside was not used. */
export type RejectionReason = 'unreadable' | 'foreign' | 'failed';

/** Counts what was found in Redis or came over it and could not be used, by place and reason. */
export class Rejections {
  private readonly counter: Counter<'place' | 'reason'> | undefined;
  private readonly counts = new Map<string, number>();

  constructor(registry: Registry | undefined) {
    this.counter =
      registry &&
      new Counter({
        name: 'shared_memory_rejected_total',
        help: 'What was found in Redis or came over it and could not be used: unreadable, of another installation, failed',
        labelNames: ['place', 'reason'],
        registers: [registry],
      });
  }

  /** @param place where it was found: a kind of key or channel, never a name that somebody chose */
  count(place: string, reason: RejectionReason): void {
    this.counter?.inc({ place, reason });
    const key = `${place}:${reason}`;
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }

  /** How often since the start. */
  total(place: string, reason: RejectionReason): number {
    return this.counts.get(`${place}:${reason}`) ?? 0;
  }
}
