import { median } from './statistics.mjs';

/** Name of our own contestant. */
export const OURS = 'tickbridge';

/**
 * A line of the table.
 *
 * A ratio says how good ours is: 1 as good, 2 twice as good, whether more or less is better. Where there were
 * rounds it is the median of the rounds' ratios.
 *
 * @param {object} row
 * @param {string} row.id
 * @param {string} row.work what was done
 * @param {string} row.unit of the figures
 * @param {'more' | 'less'} row.better
 * @param {Record<string, number[] | undefined>} row.series contestant to figures, one per round; the same rounds for all
 * @param {string | string[]} [row.limit] contestant that is the limit, which no library is expected to beat; of
 * several the best
 * @param {string[]} [row.yardsticks] further contestants that are no peers
 * @param {{ text: string, reached: (found: { ours: number, toLimit?: number, toPeer?: number }) => boolean }} [row.goal]
 * @param {Record<string, string>} [row.notes] remarks by contestant
 */
export function toRow({ id, work, unit, better, series, limit, yardsticks = [], goal, notes = {} }) {
  const measured = Object.entries(series).filter(([, figures]) => figures?.length > 0);
  const figures = Object.fromEntries(measured.map(([name, found]) => [name, median(found)]));
  const sign = better === 'more' ? 1 : -1;
  const bestOf = (names) =>
    names
      .filter((name) => name in figures)
      .sort((one, other) => sign * (figures[other] - figures[one]))
      .at(0);
  const limits = [limit ?? []].flat();
  const theLimit = bestOf(limits);
  const noPeers = [OURS, ...limits, ...yardsticks];
  const bestPeer = bestOf(Object.keys(figures).filter((name) => !noPeers.includes(name)));
  const ratioTo = (name) => {
    if (name === undefined || !series[name] || !series[OURS]) return undefined;
    const ratios = series[OURS].map((own, at) =>
      better === 'more' ? own / series[name][at] : series[name][at] / own,
    );
    // Of two zeros none is better.
    return ratios.every(Number.isFinite) ? median(ratios) : undefined;
  };
  const toLimit = ratioTo(theLimit);
  const toPeer = ratioTo(bestPeer);
  const ours = figures[OURS];
  return {
    id,
    work,
    unit,
    better,
    figures,
    rounds: Math.max(...measured.map(([, found]) => found.length)),
    limit: theLimit,
    bestPeer,
    toLimit,
    toPeer,
    goal: goal?.text,
    reached: goal && ours !== undefined ? goal.reached({ ours, toLimit, toPeer }) : undefined,
    notes,
  };
}

/** One field of each contestant's results. */
export const seriesOf = (results, field) =>
  Object.fromEntries([...results].map(([name, result]) => [name, result[field]]));
