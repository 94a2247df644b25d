import type { Timeframe } from '@tickbridge/contracts';
import { meanReversion } from './mean-reversion.strategy';
import { momentumBreakout } from './momentum-breakout.strategy';
import { openingRange } from './opening-range.strategy';
import type { Strategy, StrategyDefinition, StrategyEnvironment, StrategyParameters } from './strategy';

/** A catalogue entry with its parameter type hidden: parameters are checked when an instance is made. */
export interface CatalogueEntry {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Length of the bars it runs on while nobody chose another. */
  readonly timeframe: Timeframe;
  readonly defaults: StrategyParameters;

  /**
   * Makes an instance.
   *
   * @param parameters changes against the defaults
   * @throws ZodError naming every parameter that is unknown or out of range
   */
  create(parameters: StrategyParameters, environment: StrategyEnvironment): Strategy;
}

function entry<P extends StrategyParameters>(definition: StrategyDefinition<P>): CatalogueEntry {
  const { id, name, description, timeframe, parameters } = definition;
  return {
    id,
    name,
    description,
    timeframe,
    defaults: parameters.parse({}),
    create: (values, environment) => definition.create(parameters.parse(values), environment),
  };
}

/** All strategies of the platform, in the order in which they see a bar. */
export const STRATEGIES: readonly CatalogueEntry[] = [
  entry(momentumBreakout),
  entry(meanReversion),
  entry(openingRange),
];
