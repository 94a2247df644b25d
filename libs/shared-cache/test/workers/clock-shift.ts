// Imported before anything else of a process: its wall clock is wrong from its first moment on, as that of a machine
// nobody keeps in time. Steady clocks, timers and the server's own clock stay as they are.
const { clockShiftMs = 0 } = JSON.parse(process.argv[2] ?? '{}') as { clockShiftMs?: number };

if (clockShiftMs !== 0) {
  const RealDate = Date;
  globalThis.Date = class extends RealDate {
    constructor(...parts: unknown[]) {
      if (parts.length === 0) super(RealDate.now() + clockShiftMs);
      else super(...(parts as [number]));
    }

    static override now(): number {
      return RealDate.now() + clockShiftMs;
    }
  } as DateConstructor;
}
