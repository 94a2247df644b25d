import { Logger } from '@nestjs/common';

/**
 * The numbered steps between a signal and its fill, before and after each write and each call of a broker. A test names
 * one to die there.
 */
export const CRASH_POINTS = [
  'signal.store',
  'signal.stored',
  'order.create',
  'order.created',
  'risk.asked',
  'order.submit',
  'order.submitted',
  'broker.send',
  'broker.sent',
  'order.taken',
  'cancel.send',
  'cancel.sent',
  'change.send',
  'change.sent',
  'fill.store',
  'fill.stored',
  'news.told',
  'signal.finish',
  'signal.finished',
  'checkpoint.store',
  'checkpoint.stored',
] as const;
export type CrashPoint = (typeof CRASH_POINTS)[number];

/** Where and at which visit this process dies. */
export interface PlannedCrash {
  readonly point: CrashPoint;
  /** From 1. */
  readonly visit: number;
}

/** Dies, as by SIGKILL, at the step a test asked for; does nothing in any other process. */
export class CrashPoints {
  private visits = 0;

  constructor(private readonly planned: PlannedCrash | undefined) {
    if (planned) new Logger('CrashPoints').warn(`this process will kill itself at ${planned.point}`);
  }

  reach(point: CrashPoint): void {
    if (this.planned?.point !== point) return;
    this.visits += 1;
    if (this.visits === this.planned.visit) process.kill(process.pid, 'SIGKILL');
  }
}
