/**
 * Limits of the vendor's sockets: https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams, and of the
 * address what its users saw (oliver-zehentleitner/unicorn-binance-websocket-api#17).
 */
export const MAX_STREAMS = 1_024;
export const MAX_ADDRESS_LENGTH = 8_004;
const MESSAGES_PER_SECOND = 5;
const SECOND_MS = 1_000;

/** Messages of one client within the last second. */
export class MessageRate {
  private times: number[] = [];

  /** Counts a message. @param now on a steady clock (ms) @returns whether it is one too many */
  exceeds(now: number): boolean {
    this.times = this.times.filter((time) => now - time < SECOND_MS);
    this.times.push(now);
    return this.times.length > MESSAGES_PER_SECOND;
  }
}
