import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { recordedFile } from './recorded-bars';

/** Lines of recorded Binance frames of all files in the order they were recorded; `undefined` when a file is not there. */
export function recordedLines(names: readonly string[]): string[] | undefined {
  const paths = names.map(recordedFile).filter((path) => path !== undefined);
  if (paths.length < names.length) return undefined;
  return paths
    .flatMap((path) => gunzipSync(readFileSync(path)).toString('utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => ({ line, at: BigInt(line.slice(0, line.indexOf(' '))) }))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .map(({ line }) => line);
}
