import { Counter } from 'prom-client';
import type { Installation } from '../config/installation';
import type { MetricsRegistry } from '../metrics/metrics.registry';
import { BUS_REFUSALS, BusEnvelope, type BusRefusal } from './bus-envelope';

/** How messages of this installation are told from others, and what was refused. */
export class BusSecurity {
  readonly envelope: BusEnvelope;
  readonly prefix: string;
  private readonly counter: Counter<'reason'>;

  constructor(installation: Installation, metrics: MetricsRegistry) {
    this.envelope = new BusEnvelope(installation);
    this.prefix = installation.prefix;
    this.counter = new Counter({
      name: 'bus_messages_refused_total',
      help: 'Messages on the bus that were not taken: unreadable, of another installation, or not signed by one of ours',
      labelNames: ['reason'],
      registers: [metrics],
    });
    for (const reason of BUS_REFUSALS) this.counter.inc({ reason }, 0);
  }

  /** The message of a channel; `undefined` for one that is not taken, which is counted. */
  open(channel: string, text: unknown): string | undefined {
    const opened = this.envelope.open(channel, String(text));
    if ('message' in opened) return opened.message;
    this.refuse(opened.refusal);
    return undefined;
  }

  refuse(reason: BusRefusal): void {
    this.counter.inc({ reason });
  }
}
