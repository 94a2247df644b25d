import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { redisProgram } from './harness';

/** The Redis program with further options, which may change between two starts, in a folder of its own. */
export class RedisProgram {
  private constructor(private readonly directory: string) {}

  static async with(...options: string[]): Promise<RedisProgram> {
    const program = new RedisProgram(await mkdtemp(join(tmpdir(), 'tickbridge-redis-')));
    await program.set(...options);
    await writeFile(
      program.path,
      `#!/bin/sh\ncd '${program.directory}' && exec '${redisProgram()}' "$@" $(cat options)\n`,
    );
    await chmod(program.path, 0o755);
    return program;
  }

  get path(): string {
    return join(this.directory, 'redis');
  }

  /** Options of the next start. */
  async set(...options: string[]): Promise<void> {
    await writeFile(join(this.directory, 'options'), options.join(' '));
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}
