import { z } from 'zod';
import { isoTime } from '../platform/time';
import { calendarIdSchema, marketPhaseNameSchema } from './calendar';
import { tickJsonSchema } from './tick';

/** Whether the exchange behind a feed trades now, and who says so. */
export const marketStatusSchema = z.object({
  state: z.enum(['open', 'closed']),
  /** The vendor's own word, where it was understood and is fresh; the exchange's calendar otherwise. */
  decidedBy: z.enum(['vendor', 'calendar']),
  calendar: calendarIdSchema,
  /** What the exchange does, by both witnesses. */
  phase: marketPhaseNameSchema,
  /** Whether orders may be entered: in `normal` and `special`, unless the vendor says closed. */
  takesOrders: z.boolean(),
  /** End of the running session by the calendar; `null` outside of one. */
  closesAt: isoTime.nullable(),
  /** Begin of the next session by the calendar; `null` when none is known. */
  opensAt: isoTime.nullable(),
  /** Set while calendar and vendor contradict each other, as a sentence. */
  contradiction: z.string().nullable(),
  /** What the vendor said last about its markets, as it came, shortened; `null` when it said nothing. */
  vendorSays: z.string().nullable(),
  vendorSaidAt: isoTime.nullable(),
});
export type MarketStatus = z.infer<typeof marketStatusSchema>;

/** `GET /api/v1/market-data/:symbol`: the tick, and whether it is to be relied on now. */
export const symbolAnswerSchema = tickJsonSchema.extend({
  /** Since `receivedAt`, by the answering process' clock. */
  ageMs: z.number().nonnegative(),
  /** Its feed is not connected, or the symbol was silent for longer than a healthy connection is. */
  stale: z.boolean(),
});
export type SymbolAnswer = z.infer<typeof symbolAnswerSchema>;
