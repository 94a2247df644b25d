import { Injectable, Logger } from '@nestjs/common';
import { SUBJECTS, toIso, type TradingCommand, type TradingState } from '@tickbridge/contracts';
import { Database, tradingState, tradingStateChanges } from '@tickbridge/database';
import { ProblemException, ServiceBus } from '@tickbridge/service-bootstrap';
import { latch, type LadderTrip } from '@tickbridge/trading-core';
import { type Ladder, step, type TradingCommandName } from './kill-ladder';

type StateRow = typeof tradingState.$inferSelect;

/** Who trips the ladder when no person does. */
const PLATFORM = 'platform';

/**
 * The kill ladder, latched in PostgreSQL; every change is kept with name and reason.
 *
 * Each change reads and writes the row under its lock: several orchestrators share one ladder.
 */
@Injectable()
export class TradingStateService {
  private readonly logger = new Logger('KillLadder');
  private ladder: Ladder | undefined;

  constructor(
    private readonly database: Database,
    private readonly bus: ServiceBus,
  ) {}

  /** The state as of the last look; `undefined` until it was loaded. */
  get current(): Readonly<Ladder> | undefined {
    return this.ladder;
  }

  /** Reads the latched state; the very first start of an installation writes ACTIVE and running. */
  async load(): Promise<void> {
    await this.database.orm
      .insert(tradingState)
      .values({ mode: 'ACTIVE', running: true, ...signed({ by: PLATFORM, reason: 'first start' }) })
      .onConflictDoNothing();
    await this.refresh();
  }

  /** Another orchestrator, or the risk of a person's command sent to one, may have moved the ladder. */
  async refresh(): Promise<Ladder> {
    const { mode, running } = await this.row();
    this.ladder = { mode, running };
    return this.ladder;
  }

  async read(): Promise<TradingState> {
    return toState(await this.row());
  }

  /** Triggers that moved the ladder since the last reset. */
  async acted(): Promise<readonly string[]> {
    return (await this.row()).acted;
  }

  /** @throws ProblemException 409 when the command would climb the ladder */
  async command(name: TradingCommandName, command: TradingCommand): Promise<TradingState> {
    return this.change(name, command, (before) => {
      const after = step(before, name);
      if (!after) {
        const detail = `${name} is not possible while trading is ${before.mode}; only reset leads up the ladder.`;
        throw new ProblemException(409, 'LADDER_LATCHED', detail);
      }
      return { ...after, acted: name === 'reset' ? [] : before.acted };
    });
  }

  /**
   * Moves the ladder by the first trigger that is news and lower than where it stands.
   *
   * @param trips of an account, the gravest first
   * @returns whether it moved
   */
  async trip(accountId: string, trips: readonly LadderTrip[]): Promise<boolean> {
    const { mode, acted } = await this.row();
    const moved = latch({ mode, acted }, trips);
    if (!moved) return false;
    const { code, message } = moved.trip;
    this.logger.error(`${accountId}: ${message} (${code})`);
    await this.change('trip', { by: PLATFORM, reason: `${code}: ${accountId}: ${message}` }, (before) => {
      const latched = latch({ mode: before.mode, acted: before.acted }, trips);
      return { ...before, ...latched?.ladder };
    });
    return true;
  }

  /** FLATTEN has done its work. */
  async flattened(): Promise<void> {
    const { mode, changedBy, reason } = await this.row();
    if (mode !== 'FLATTEN') return;
    // Who flattened and why is what a person wants to know of the halt that follows.
    await this.change('flattened', { by: changedBy, reason: `flattened: ${reason}` }, (before) => ({
      ...before,
      mode: before.mode === 'FLATTEN' ? 'HALTED' : before.mode,
    }));
  }

  private async row(): Promise<StateRow> {
    const [row] = await this.database.orm.select().from(tradingState);
    if (row) return row;
    throw new ProblemException(503, 'NOT_READY', 'The trading state is not stored yet; try again.');
  }

  private async change(
    name: string,
    command: TradingCommand,
    decide: (before: StateRow) => Pick<StateRow, 'mode' | 'running'> & { acted: readonly string[] },
  ): Promise<TradingState> {
    const row = await this.database.orm.transaction(async (transaction) => {
      const [before] = await transaction.select().from(tradingState).for('update');
      if (!before)
        throw new ProblemException(503, 'NOT_READY', 'The trading state is not stored yet; try again.');
      const { mode, running, acted } = decide(before);
      const next = { mode, running, ...signed(command) };
      await transaction.update(tradingState).set({ ...next, acted: [...acted] });
      await transaction.insert(tradingStateChanges).values({ command: name, ...next });
      return next;
    });
    this.ladder = { mode: row.mode, running: row.running };
    const state = toState(row);
    this.bus.emit(SUBJECTS.tradingState, state);
    return state;
  }
}

function toState({
  mode,
  running,
  changedBy,
  reason,
  changedAt,
}: Omit<StateRow, 'id' | 'acted'>): TradingState {
  return { mode, running, changedBy, reason, changedAt: toIso(changedAt.getTime()) };
}

function signed({ by, reason }: TradingCommand) {
  return { changedBy: by, reason, changedAt: new Date() };
}
