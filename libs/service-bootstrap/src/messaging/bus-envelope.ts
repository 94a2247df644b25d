import { createHmac, timingSafeEqual } from 'node:crypto';
import { parseJson } from '@tickbridge/contracts';
import { z } from 'zod';
import type { Installation } from '../config/installation';

/** Why a message on the bus was not taken. Names are metric labels. */
export const BUS_REFUSALS = ['unreadable', 'foreign', 'forged'] as const;
export type BusRefusal = (typeof BUS_REFUSALS)[number];

/** A message as it travels: whose it is, what proves that, and the text itself. */
const envelopeSchema = z.strictObject({
  installation: z.string().max(40),
  signature: z.string().max(64),
  message: z.string(),
});

/**
 * Wraps messages between the services: pub/sub has no owner and no database number, so whoever reaches Redis hears and
 * says everything. A message says which installation it belongs to and is signed for its channel.
 */
export class BusEnvelope {
  constructor(private readonly installation: Pick<Installation, 'id' | 'busKey'>) {}

  seal(channel: string, message: string): string {
    const { id } = this.installation;
    return JSON.stringify({ installation: id, signature: this.sign(channel, message), message });
  }

  /** The message, or why it is none of ours. Never throws. */
  open(channel: string, text: string): { message: string } | { refusal: BusRefusal } {
    const parsed = envelopeSchema.safeParse(parseJson(text));
    if (!parsed.success) return { refusal: 'unreadable' };
    const { installation, signature, message } = parsed.data;
    if (installation !== this.installation.id) return { refusal: 'foreign' };
    const expected = Buffer.from(this.sign(channel, message));
    const actual = Buffer.from(signature);
    if (expected.length !== actual.length || !timingSafeEqual(expected, actual)) return { refusal: 'forged' };
    return parseJson(message) === undefined ? { refusal: 'unreadable' } : { message };
  }

  private sign(channel: string, message: string): string {
    const { id, busKey } = this.installation;
    return createHmac('sha256', busKey).update(`${id}\n${channel}\n${message}`).digest('base64url');
  }
}
