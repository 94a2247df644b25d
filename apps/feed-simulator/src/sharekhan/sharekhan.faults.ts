import { z } from 'zod';

/** Calls whose answers can be spoilt. */
export const SHAREKHAN_CALLS = ['new', 'modify', 'cancel', 'report', 'master', 'login'] as const;
export type ShareKhanCall = (typeof SHAREKHAN_CALLS)[number];

const count = z.number().int().positive().max(10_000).default(1);

/** Faults a test can ask the simulated broker to show. */
export const shareKhanFaultSchema = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('answer'),
      to: z.enum(SHAREKHAN_CALLS),
      how: z.enum([
        'silence',
        'cut',
        'server-error',
        'bad-gateway',
        'unreadable',
        'throttle',
        'access-denied',
        'bad-order-id',
      ]),
      /** Whether the call does its work first; a refused call never does. */
      taken: z.boolean().default(true),
      count,
    })
    .describe(
      'spoils answers: none at all, cut, 5xx, no JSON, 429, 403, or 200 with an order id that is none',
    ),
  z
    .strictObject({
      kind: z.literal('reject-orders'),
      message: z.string().min(1).max(200).default('RMS: margin exceeds limit'),
      count,
    })
    .describe('takes orders and lets the exchange reject them'),
  z
    .strictObject({ kind: z.literal('partial-fills'), fraction: z.number().gt(0).lt(1), count })
    .describe('fills only a part of new orders, until cleared'),
  z
    .strictObject({ kind: z.literal('limit-calls'), perSecond: z.number().int().positive().max(10_000) })
    .describe('answers 429 to more calls than that within a second, until cleared'),
  z.strictObject({ kind: z.literal('kill-tokens') }).describe('ends every access token'),
  z
    .strictObject({
      kind: z.literal('acknowledgements'),
      how: z.enum(['duplicate', 'reorder', 'late', 'none']),
      /** For `late` (ms). */
      delayMs: z.number().int().min(0).max(60_000).default(2_000),
    })
    .describe('spoils the acknowledgement stream, until cleared'),
  z
    .strictObject({
      kind: z.literal('report'),
      /** Stands in the place of the status in every row; absent: as it is. */
      orderStatus: z.string().max(200).optional(),
      /** Whether the newest row has a quantity that is none. */
      unreadableRow: z.boolean().default(false),
    })
    .describe('spoils the day report, until cleared'),
  z
    .strictObject({
      kind: z.literal('stops'),
      how: z.enum(['trigger', 'cancel', 'fill-on-cancel', 'cancel-late']),
      /** For `fill-on-cancel` and `cancel-late`: so many cancels. */
      count,
      /** For `cancel-late` (ms). */
      delayMs: z.number().int().min(0).max(60_000).default(2_000),
    })
    .describe(
      'wakes every stop that rests, or lets the exchange cancel it; or fills the stops that are to be canceled next and refuses; or takes their cancel, and ends them later',
    ),
  z.strictObject({ kind: z.literal('drop-streams') }).describe('cuts the acknowledgement streams'),
  z.strictObject({ kind: z.literal('clear') }).describe('ends every fault that lasts'),
]);
export type ShareKhanFault = z.output<typeof shareKhanFaultSchema>;
export type AnswerFault = Extract<ShareKhanFault, { kind: 'answer' }>;

/** Faults that are still to be shown. */
export class ShareKhanFaults {
  private answers: AnswerFault[] = [];
  private rejections: { message: string; count: number } = { message: '', count: 0 };
  private partial: { fraction: number; count: number } = { fraction: 1, count: 0 };
  acknowledgements: Extract<ShareKhanFault, { kind: 'acknowledgements' }> | undefined;
  private report: Extract<ShareKhanFault, { kind: 'report' }> | undefined;
  private stopsFilledOnCancel = 0;
  private lateCancels = { count: 0, delayMs: 0 };
  private callsPerSecond = Infinity;
  private calledAt: number[] = [];

  constructor(private readonly now: () => number = () => performance.now()) {}

  add(fault: ShareKhanFault): void {
    if (fault.kind === 'answer') this.answers.push({ ...fault });
    if (fault.kind === 'reject-orders') this.rejections = { ...fault };
    if (fault.kind === 'partial-fills') this.partial = { ...fault };
    if (fault.kind === 'acknowledgements') this.acknowledgements = fault;
    if (fault.kind === 'report') this.report = fault;
    if (fault.kind === 'stops' && fault.how === 'fill-on-cancel') this.stopsFilledOnCancel = fault.count;
    if (fault.kind === 'stops' && fault.how === 'cancel-late') this.lateCancels = { ...fault };
    if (fault.kind === 'limit-calls') this.callsPerSecond = fault.perSecond;
    if (fault.kind !== 'clear') return;
    this.callsPerSecond = Infinity;
    this.answers = [];
    this.rejections.count = 0;
    this.stopsFilledOnCancel = 0;
    this.lateCancels.count = 0;
    this.partial.count = 0;
    this.acknowledgements = undefined;
    this.report = undefined;
  }

  /** The fault the next answer to this call shows. */
  answer(call: ShareKhanCall): AnswerFault | undefined {
    if (this.tooMany()) return { kind: 'answer', to: call, how: 'throttle', taken: false, count: 1 };
    const fault = this.answers.find(({ to }) => to === call);
    if (!fault) return undefined;
    fault.count -= 1;
    if (fault.count === 0) this.answers.splice(this.answers.indexOf(fault), 1);
    return fault;
  }

  private tooMany(): boolean {
    const now = this.now();
    this.calledAt = this.calledAt.filter((at) => now - at < 1_000);
    if (this.calledAt.length >= this.callsPerSecond) return true;
    this.calledAt.push(now);
    return false;
  }

  /** Why the exchange rejects the next order; `undefined` when it does not. */
  rejection(): string | undefined {
    if (this.rejections.count === 0) return undefined;
    this.rejections.count -= 1;
    return this.rejections.message;
  }

  /** Whether a stop that is to be canceled is filled instead. */
  fillsOnCancel(): boolean {
    if (this.stopsFilledOnCancel === 0) return false;
    this.stopsFilledOnCancel -= 1;
    return true;
  }

  /** How much later a stop ends that is to be canceled (ms); 0 for at once. */
  cancelDelay(): number {
    if (this.lateCancels.count === 0) return 0;
    this.lateCancels.count -= 1;
    return this.lateCancels.delayMs;
  }

  /** The day report as it is answered while the fault lasts. */
  spoilReport(rows: readonly object[]): object[] {
    if (this.report === undefined) return [...rows];
    const { orderStatus, unreadableRow } = this.report;
    return rows.map((row, index) => ({
      ...row,
      ...(orderStatus !== undefined && { orderStatus }),
      ...(unreadableRow && index === rows.length - 1 && { execQty: 'many' }),
    }));
  }

  /** How much of the next order may be filled while the fault lasts. */
  fillable(quantity: number): number {
    if (this.partial.count === 0) return quantity;
    this.partial.count -= 1;
    return Math.max(1, Math.floor(quantity * this.partial.fraction));
  }
}
