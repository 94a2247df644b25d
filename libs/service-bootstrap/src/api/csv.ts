import { plainNumber } from '@tickbridge/contracts';

/** A number as digits: what a spreadsheet may read as one. */
const NUMBER = /^-?\d+(\.\d+)?$/;
/** What a spreadsheet would run as a formula begins like this. */
const FORMULA = /^[=+\-@\t\r]/;

export type CsvCell = string | number | null | undefined;

/** A row of RFC 4180 with its line end; absent is empty. Text that would be run as a formula begins with an apostrophe. */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(cellText).join(',')}\r\n`;
}

function cellText(cell: CsvCell): string {
  const text = typeof cell === 'number' ? plainNumber(cell) : (cell ?? '');
  const harmless = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
