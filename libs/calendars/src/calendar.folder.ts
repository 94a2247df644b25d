import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import {
  type CalendarAddition,
  calendarAdditionSchema,
  type CalendarFile,
  calendarFileSchema,
  parseJsonObject,
} from '@tickbridge/contracts';
import type { ZodSafeParseResult } from 'zod';
import { CalendarOptions } from './calendar.options';

/** A calendar of ten years is smaller. */
const MAX_FILE_BYTES = 1_000_000;
/** More than these nobody reads at once. */
const MAX_ISSUES = 3;

/** What people put into the folder of calendars. */
export interface FolderContent {
  readonly files: readonly CalendarFile[];
  readonly additions: readonly CalendarAddition[];
  /** Files that cannot be used, each with the reason. */
  readonly problems: readonly string[];
}

interface ReadFile {
  file?: CalendarFile;
  addition?: CalendarAddition;
  problem?: string;
}

/** Reads the folder of calendars, again when a file of it changed. */
@Injectable()
export class CalendarFolder {
  private content: FolderContent = { files: [], additions: [], problems: [] };
  private state = '';

  constructor(private readonly options: CalendarOptions) {}

  /** What was read last; a file that cannot be used is left out and named. */
  get current(): FolderContent {
    return this.content;
  }

  /** @returns whether anything is another than before */
  async refresh(): Promise<boolean> {
    const names = await this.names();
    const state = (await Promise.all(names.map((name) => this.stateOf(name)))).join('\n');
    if (state === this.state) return false;
    this.state = state;
    const read = await Promise.all(names.map((name) => this.read(name)));
    this.content = {
      files: read.flatMap(({ file }) => file ?? []),
      additions: read.flatMap(({ addition }) => addition ?? []),
      problems: read.flatMap(({ problem }) => problem ?? []),
    };
    return true;
  }

  private async names(): Promise<string[]> {
    try {
      return (await readdir(this.options.directory)).filter((name) => name.endsWith('.json')).sort();
    } catch {
      // Nobody has to have such a folder.
      return [];
    }
  }

  private async stateOf(name: string): Promise<string> {
    try {
      const { mtimeMs, size } = await stat(join(this.options.directory, name));
      return `${name} ${mtimeMs} ${size}`;
    } catch {
      // Taken away in this moment: the next look does not find it.
      return `${name} gone`;
    }
  }

  private async read(name: string): Promise<ReadFile> {
    try {
      const path = join(this.options.directory, name);
      const { size } = await stat(path);
      if (size > MAX_FILE_BYTES) return { problem: `${name}: larger than ${MAX_FILE_BYTES} bytes` };
      const value = parseJsonObject(await readFile(path, 'utf8'));
      if (!value) return { problem: `${name}: no JSON object` };
      if ('extends' in value) return named(name, 'addition', calendarAdditionSchema.safeParse(value));
      return named(name, 'file', calendarFileSchema.safeParse(value));
    } catch (error) {
      return { problem: `${name}: ${error instanceof Error ? error.message : String(error)}` };
    }
  }
}

function named<Value>(
  name: string,
  kind: 'file' | 'addition',
  { success, data, error }: ZodSafeParseResult<Value>,
): ReadFile {
  if (success) return { [kind]: data };
  const issues = error.issues
    .slice(0, MAX_ISSUES)
    .map(({ path, message }) => `${path.join('.')}: ${message}`);
  return { problem: `${name}: ${issues.join(', ')}` };
}
