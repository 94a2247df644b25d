import { Logger } from '@nestjs/common';

/**
 * Log of Nest's Redis transport, which reports every single reconnect attempt. Here an outage is one warning
 * at its start and one line at its end.
 */
export class TransportLogger extends Logger {
  private down = false;

  constructor() {
    super('RedisTransport');
  }

  override error(message: unknown): void {
    if (this.down) return;
    this.down = true;
    super.warn(`connection lost, retrying: ${message instanceof Error ? message.message : String(message)}`);
  }

  override log(message: unknown): void {
    if (!this.down || !String(message).startsWith('Connected')) return;
    this.down = false;
    super.log('connection is back');
  }
}
