import { z } from 'zod';

/** Faults a test can ask the simulated vendor to show. */
export const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('drop-connections') }).describe('cuts every socket without a good-bye'),
  z
    .strictObject({ kind: z.literal('mute'), durationMs: z.number().int().positive().max(600_000) })
    .describe('keeps the sockets open and sends nothing, heartbeats included'),
  z
    .strictObject({
      kind: z.literal('malformed-frames'),
      count: z.number().int().positive().max(10_000).default(10),
    })
    .describe('sends frames that are not JSON, or have fields missing'),
  z
    .strictObject({
      kind: z.literal('bad-ticks'),
      tick: z.enum(['nan', 'zero', 'negative', 'future', 'duplicate', 'out-of-order', 'unknown-id']),
      count: z.number().int().positive().max(10_000).default(10),
    })
    .describe('sends well-formed trades with wrong values'),
  z
    .strictObject({
      kind: z.literal('refuse-login'),
      message: z.string().min(1).max(200).default('User Already Connected'),
      durationMs: z.number().int().positive().max(600_000),
    })
    .describe('answers every login with a refusal'),
  z
    .strictObject({
      kind: z.literal('silence-symbol'),
      symbol: z.string().min(1),
      durationMs: z.number().int().positive().max(600_000),
    })
    .describe('sends nothing about one symbol while the others trade'),
  z.strictObject({ kind: z.literal('clear') }).describe('ends every fault that lasts'),
]);

export type Fault = z.output<typeof faultSchema>;

/** Faults that last for a while, and whether they are in force. Times are ms since 1970. */
export class LastingFaults {
  private mutedUntil = 0;
  private refusal = { message: '', until: 0 };
  private readonly silent = new Map<string, number>();

  constructor(private readonly now: () => number) {}

  mute(durationMs: number): void {
    this.mutedUntil = this.now() + durationMs;
  }

  refuseLogins(message: string, durationMs: number): void {
    this.refusal = { message, until: this.now() + durationMs };
  }

  silence(symbol: string, durationMs: number): void {
    this.silent.set(symbol.toUpperCase(), this.now() + durationMs);
  }

  clear(): void {
    this.mutedUntil = 0;
    this.refusal = { message: '', until: 0 };
    this.silent.clear();
  }

  get muted(): boolean {
    return this.now() < this.mutedUntil;
  }

  /** The refusal logins get now; `undefined` when they are let in. */
  get loginRefusal(): string | undefined {
    return this.now() < this.refusal.until ? this.refusal.message : undefined;
  }

  isSilent(symbol: string): boolean {
    return this.silent.size > 0 && this.now() < (this.silent.get(symbol) ?? 0);
  }
}
