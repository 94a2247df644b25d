import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Bar } from '@tickbridge/contracts';
import { recordedBars } from '@tickbridge/trading-core';

/** Bars of recorded frames, the lines of all files in the order in which they were recorded. */
export function binanceBars(folder: string, files: readonly string[]): Bar[] {
  const lines = files
    .flatMap((file) =>
      gunzipSync(readFileSync(join(folder, file)))
        .toString('utf8')
        .split('\n'),
    )
    .filter((line) => line !== '')
    .map((line) => ({ line, at: BigInt(line.slice(0, line.indexOf(' '))) }))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return [...recordedBars(lines.map(({ line }) => line))];
}
