import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ChargeFile, chargeFileSchema, parseJsonObject } from '@tickbridge/contracts';
import { chargeOverlaps } from '@tickbridge/trading-core';

/** A table of many years and plans is smaller. */
const MAX_FILE_BYTES = 1_000_000;
/** More than these nobody reads at once. */
const MAX_ISSUES = 3;

/** What people put into the folder of charges. */
export interface ChargeFolderContent {
  readonly files: readonly ChargeFile[];
  /** Files that cannot be used, each with the reason. */
  readonly problems: readonly string[];
}

/** Reads the folder of charges; a file that cannot be used is left out and named. */
export async function readChargeFolder(directory: string): Promise<ChargeFolderContent> {
  const files = new Map<string, { name: string; file: ChargeFile }>();
  const problems: string[] = [];
  for (const name of await namesIn(directory)) {
    const read = await readOne(directory, name);
    if (typeof read === 'string') {
      problems.push(`${name}: ${read}`);
      continue;
    }
    const other = files.get(read.id);
    if (other) problems.push(`${name}: ${other.name} has the id ${read.id} too`);
    else files.set(read.id, { name, file: read });
  }
  return { files: [...files.values()].map(({ file }) => file), problems };
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).filter((name) => name.endsWith('.json')).sort();
  } catch {
    // Nobody has to have such a folder.
    return [];
  }
}

/** @returns the file, or why it cannot be used */
async function readOne(directory: string, name: string): Promise<ChargeFile | string> {
  try {
    const path = join(directory, name);
    const { size } = await stat(path);
    if (size > MAX_FILE_BYTES) return `larger than ${MAX_FILE_BYTES} bytes`;
    const value = parseJsonObject(await readFile(path, 'utf8'));
    if (!value) return 'no JSON object';
    const { success, data, error } = chargeFileSchema.safeParse(value);
    if (!success) return firstOf(error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`));
    const overlaps = chargeOverlaps(data);
    return overlaps.length > 0 ? firstOf(overlaps) : data;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function firstOf(issues: readonly string[]): string {
  return issues.slice(0, MAX_ISSUES).join(', ');
}
