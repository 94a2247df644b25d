import { bold, dim, green, red } from '../../lib/report.mjs';
import { OURS } from './rows.mjs';

/** Prints the rows: ours, limit and ratios on one line, the others below it. */
export function printTable(rows) {
  const head = ['work', 'tickbridge', 'limit', 'best peer', 'to limit', 'to best peer', 'goal', 'reached'];
  const lines = rows.map((row) => [
    row.work,
    `${figure(row.figures[OURS])} ${row.unit}`.trim(),
    named(row, row.limit),
    named(row, row.bestPeer),
    ratio(row.toLimit),
    ratio(row.toPeer),
    row.goal ?? '',
    row.reached === undefined ? '' : row.reached ? 'yes' : 'no',
  ]);
  const widths = head.map((title, at) => Math.max(title.length, ...lines.map((line) => line[at].length)));
  const text = (cells) => cells.map((cell, at) => cell.padEnd(widths[at])).join('  ');
  console.log(`\n${bold(text(head))}`);
  for (const [at, line] of lines.entries()) {
    const paint = rows[at].reached === undefined ? (same) => same : rows[at].reached ? green : red;
    console.log(`${text(line.slice(0, -1))}  ${paint(line.at(-1))}`);
    const rest = others(rows[at]);
    if (rest) console.log(dim(`    ${rest}`));
  }
}

/** The same as a table of a Markdown page. */
export function toMarkdown(rows) {
  const cells = rows.map((row) => [
    row.work,
    `${figure(row.figures[OURS])} ${row.unit}`.trim(),
    named(row, row.limit) || '-',
    named(row, row.bestPeer) || '-',
    others(row) || '-',
    ratio(row.toLimit) || '-',
    ratio(row.toPeer) || '-',
    row.goal ?? '-',
    row.reached === undefined ? '-' : row.reached ? 'yes' : '**no**',
  ]);
  const head = [
    'work',
    'tickbridge',
    'limit',
    'best peer',
    'others',
    'to limit',
    'to best peer',
    'goal',
    'reached',
  ];
  return [head, head.map(() => '---'), ...cells].map((line) => `| ${line.join(' | ')} |`).join('\n');
}

const named = (row, name) => (name === undefined ? '' : `${name} ${figure(row.figures[name])}`);

function others(row) {
  const shown = [OURS, row.limit, row.bestPeer];
  const rest = Object.entries(row.figures).filter(([name]) => !shown.includes(name));
  const noted = Object.entries(row.notes).map(([name, note]) => `${name}: ${note}`);
  return [...rest.map(([name, value]) => `${name} ${figure(value)}`), ...noted].join('; ');
}

const ratio = (value) => (value === undefined ? '' : Number(value.toPrecision(3)).toString());

function figure(value) {
  if (value === undefined) return '-';
  if (value >= 1_000) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}
