import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { isClaimed } from './data-folder.mjs';

const fileIn = (dataDir) => join(dataDir, 'infrastructure.env');

/** Tells others on this machine where Redis and PostgreSQL are, for as long as the data folder is claimed. */
export async function offerInfrastructure(dataDir, settings) {
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(fileIn(dataDir), lines.join(''), { mode: 0o600 });
}

/** Whoever claims the folder takes away what a killed process still offers there. */
export function withdrawInfrastructure(dataDir) {
  return rm(fileIn(dataDir), { force: true });
}

/** Settings of what is offered; `undefined` while nothing is. */
export async function offeredInfrastructure(dataDir) {
  if (!existsSync(fileIn(dataDir)) || !(await isClaimed(dataDir))) return undefined;
  return parseEnv(await readFile(fileIn(dataDir), 'utf8'));
}
