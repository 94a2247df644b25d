import { parseArgs } from 'node:util';
import { UserError } from '../../lib/report.mjs';

/** Rounds and length of a slice: enough for a steady median, and a look. */
const LONG = { rounds: 9, sliceMs: 400, part: 1 };
const SHORT = { rounds: 3, sliceMs: 100, part: 0.2 };

/** @throws UserError for what it does not know */
export function readOptions(args) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        list: { type: 'boolean', default: false },
        quick: { type: 'boolean', default: false },
        only: { type: 'string' },
      },
    });
    const only = values.only?.split(',').map((id) => id.trim());
    return { ...values, only, size: values.quick ? SHORT : LONG };
  } catch (error) {
    throw new UserError(`${error.message}\n${HELP}`);
  }
}

export const HELP = `
npm run bench                                everything, about 13 minutes
npm run bench -- --quick                     a look, about 3 minutes; its figures are not to be quoted
npm run bench -- --only l1-hit,redis-hit     some of it
npm run bench -- --list                      what there is
npm run bench -- --help

Provides a private Redis, compares Tickbridge with its peers in turn, prints a table and writes
tools/bench/results/<date>.json. What each row means: docs/benchmarks.md.`;
