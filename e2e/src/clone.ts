import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { WORKSPACE } from './platform';

/** An ordinary user: one that every system has and that owns nothing. */
const NOBODY = Number(execFileSync('id', ['-u', 'nobody']).toString());

/** A copy of the project, with what is installed and built, in a folder of a test's choice. */
export class Clone {
  private constructor(
    /** Folder that holds everything of this copy, the home of its user included. */
    readonly home: string,
    readonly workspace: string,
    /** Command that runs others as the copy's user. */
    readonly runAs: readonly string[],
  ) {}

  /**
   * @param name path of the project below its home
   * @param mode rights on the home; 0700 keeps everybody but its owner out
   * @param ordinary owned and used by an ordinary user instead of whoever runs the tests
   */
  static async make(name: string, mode: number, { ordinary = false } = {}): Promise<Clone> {
    const home = await mkdtemp(join(tmpdir(), 'tickbridge-home-'));
    const workspace = join(home, name);
    mkdirSync(workspace, { recursive: true });
    const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
      cwd: WORKSPACE,
    })
      .toString()
      .split('\0')
      .filter(Boolean);
    for (const file of files)
      await cp(join(WORKSPACE, file), join(workspace, file), { preserveTimestamps: true });
    for (const folder of ['node_modules', 'dist']) link(join(WORKSPACE, folder), join(workspace, folder));
    execFileSync('chmod', [mode.toString(8), home]);
    if (!ordinary || process.getuid?.() !== 0) return new Clone(home, workspace, []);
    for (let folder = workspace; folder !== dirname(home); folder = dirname(folder))
      chownSync(folder, NOBODY, NOBODY);
    return new Clone(home, workspace, [
      'setpriv',
      ...['--reuid', String(NOBODY), '--regid', String(NOBODY), '--clear-groups', '--'],
    ]);
  }

  remove(): Promise<void> {
    return rm(this.home, { recursive: true, force: true });
  }
}

/** The same files without their bytes twice, where the disk allows it. */
function link(from: string, to: string): void {
  try {
    execFileSync('cp', ['-al', from, to], { stdio: 'ignore' });
  } catch {
    execFileSync('cp', ['-a', from, dirname(to)]);
  }
}
