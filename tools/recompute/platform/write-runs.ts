import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Bar,
  type ExitSettings,
  exitSettingsSchema,
  type FeedName,
  type FillAssumptions,
  type Instrument,
  type Product,
  type RiskLimits,
  type Timeframe,
} from '@tickbridge/contracts';
import {
  builtInCalendars,
  builtInCharges,
  type Currency,
  currencyOf,
  DEFAULT_CHARGE_PLAN,
  ChargeTable,
  knownInstrument,
  runBacktest,
} from '@tickbridge/trading-core';
import { binanceBars } from './binance-bars';
import { dailyBars, minuteBars } from './lean-bars';

const ACCOUNT = 'PAPER_TRADER_001';

/** Where bars come from: a row of `RECORDINGS`. */
type Recording = { source: FeedName; likeSymbol?: string } & (
  | { kind: 'binance-frames'; files: string[] }
  | { kind: 'lean-daily'; symbols: string[]; days: number; calendar: string; firstDay: string }
  | {
      kind: 'lean-minutes';
      symbols: string[];
      folder: string;
      dates: string[];
      calendar: string;
      firstDay: string;
    }
);

/** A run to compare, as `settings.mjs` draws it. */
interface RunToCompare {
  name: string;
  recording: string;
  settings: {
    strategies: {
      id: string;
      parameters: Record<string, number>;
      timeframe?: Timeframe;
      leastEdge?: number;
      exits?: Partial<ExitSettings>;
      product?: Product;
    }[];
    capital: number;
    limits?: Partial<RiskLimits>;
    fills?: FillAssumptions;
    chargePlan?: string;
  };
}

/** Facts that both programs take from files: they are data, not rules. */
export function writeFacts(directory: string): void {
  mkdirSync(directory, { recursive: true });
  const facts = { calendars: builtInCalendars(), charges: builtInCharges() };
  writeFileSync(join(directory, 'facts.json'), JSON.stringify(facts));
}

/** Runs the platform's backtest for each, and writes what went in and what came out, one file per run. */
export function writeRuns(
  dataFolder: string,
  recordings: Readonly<Record<string, Recording>>,
  runs: readonly RunToCompare[],
  directory: string,
): void {
  for (const [name, recording] of Object.entries(recordings)) {
    const wanted = runs.filter((run) => run.recording === name);
    if (wanted.length === 0) continue;
    const bars = barsOf(dataFolder, recording);
    const instruments = instrumentsOf(recording, bars);
    for (const run of wanted) writeRun(run, recording, bars, instruments, directory);
  }
}

function writeRun(
  run: RunToCompare,
  recording: Recording,
  bars: readonly Bar[],
  instruments: ReadonlyMap<string, Instrument>,
  directory: string,
): void {
  const { source } = recording;
  const { capital, limits = {}, fills, strategies } = run.settings;
  const plan = run.settings.chargePlan ?? DEFAULT_CHARGE_PLAN[currencyOf(source) satisfies Currency];
  const result = runBacktest(
    {
      source,
      strategies: strategies.map(({ exits, ...strategy }) => ({
        ...strategy,
        ...(exits && { exits: exitSettingsSchema.parse(exits) }),
      })),
      accountId: ACCOUNT,
      capital,
      limits: [{ scope: { kind: 'global' }, limits }],
      ...(fills && { fills }),
      charges: { table: new ChargeTable(), plan },
      instruments,
    },
    bars,
  );
  const request = { ...run.settings, accountId: ACCOUNT, chargePlan: plan };
  const told = { name: run.name, recording, request, instruments: [...instruments.values()], result };
  writeFileSync(join(directory, `${run.name}.json`), JSON.stringify(told));
}

function barsOf(folder: string, recording: Recording): Bar[] {
  switch (recording.kind) {
    case 'binance-frames':
      return binanceBars(folder, recording.files);
    case 'lean-daily':
      return dailyBars(folder, recording.symbols, recording.days, recording);
    case 'lean-minutes':
      return minuteBars(join(folder, recording.folder), recording.symbols, recording.dates, recording);
  }
}

/** What the platform knows of each symbol; one that it does not know trades like another of its market. */
function instrumentsOf({ source, likeSymbol }: Recording, bars: readonly Bar[]): Map<string, Instrument> {
  const symbols = [...new Set(bars.map(({ symbol }) => symbol))];
  return new Map(
    symbols.map((symbol) => {
      const known = knownInstrument(source, symbol) ?? knownInstrument(source, likeSymbol ?? symbol);
      if (!known) throw new RangeError(`${source} has no instrument ${symbol}`);
      return [symbol, { ...known, symbol }];
    }),
  );
}
