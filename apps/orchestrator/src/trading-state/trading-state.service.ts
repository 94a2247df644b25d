import { Injectable } from '@nestjs/common';
import { SUBJECTS, toIso, type TradingCommand, type TradingState } from '@tickbridge/contracts';
import { Database, tradingState, tradingStateChanges } from '@tickbridge/database';
import { ProblemException, ServiceBus } from '@tickbridge/service-bootstrap';
import { type Ladder, step, type TradingCommandName } from './kill-ladder';

/** The kill ladder, latched in PostgreSQL; every change is kept with name and reason. */
@Injectable()
export class TradingStateService {
  private ladder: Ladder | undefined;

  constructor(
    private readonly database: Database,
    private readonly bus: ServiceBus,
  ) {}

  /** The state as of the last change; `undefined` until it was loaded. */
  get current(): Readonly<Ladder> | undefined {
    return this.ladder;
  }

  /** Reads the latched state; the very first start of an installation writes ACTIVE and running. */
  async load(): Promise<void> {
    await this.database.orm
      .insert(tradingState)
      .values({ mode: 'ACTIVE', running: true, ...signed({ by: 'platform', reason: 'first start' }) })
      .onConflictDoNothing();
    const { mode, running } = await this.read();
    this.ladder = { mode, running };
  }

  async read(): Promise<TradingState> {
    const [row] = await this.database.orm.select().from(tradingState);
    if (!row) throw new ProblemException(503, 'NOT_READY', 'The trading state is not stored yet; try again.');
    const { mode, running, changedBy, reason, changedAt } = row;
    return { mode, running, changedBy, reason, changedAt: toIso(changedAt.getTime()) };
  }

  /** @throws ProblemException 409 when the command would climb the ladder */
  async command(name: TradingCommandName, command: TradingCommand): Promise<TradingState> {
    const before = await this.read();
    const after = step(before, name);
    if (!after) {
      const detail = `${name} is not possible while trading is ${before.mode}; only reset leads up the ladder.`;
      throw new ProblemException(409, 'LADDER_LATCHED', detail);
    }
    return this.store(name, after, command);
  }

  /** FLATTEN has done its work. */
  async flattened(): Promise<void> {
    const { mode, running, changedBy, reason } = await this.read();
    if (mode !== 'FLATTEN') return;
    // Who flattened and why is what a person wants to know of the halt that follows.
    await this.store(
      'flattened',
      { mode: 'HALTED', running },
      { by: changedBy, reason: `flattened: ${reason}` },
    );
  }

  private async store(name: string, ladder: Ladder, command: TradingCommand): Promise<TradingState> {
    const row = { mode: ladder.mode, running: ladder.running, ...signed(command) };
    await this.database.orm.transaction(async (transaction) => {
      await transaction.update(tradingState).set(row);
      await transaction.insert(tradingStateChanges).values({ command: name, ...row });
    });
    this.ladder = { mode: ladder.mode, running: ladder.running };
    const { changedAt, ...rest } = row;
    const state: TradingState = { ...rest, changedAt: toIso(changedAt.getTime()) };
    this.bus.emit(SUBJECTS.tradingState, state);
    return state;
  }
}

function signed({ by, reason }: TradingCommand) {
  return { changedBy: by, reason, changedAt: new Date() };
}
