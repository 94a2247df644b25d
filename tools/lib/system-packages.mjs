import { which, run } from './processes.mjs';
import { UserError } from './report.mjs';

let updated;

/** Whether a program can be installed here without asking anybody: root on Debian or Ubuntu. */
export const canInstall = () => process.getuid?.() === 0 && which('apt-get') !== undefined;

/** Installs Debian packages without a question and without starting their services. */
export async function installPackages(...packages) {
  const env = {
    ...process.env,
    DEBIAN_FRONTEND: 'noninteractive',
    // What a package would start by itself is not ours to run.
    RUNLEVEL: '1',
  };
  updated ??= run('apt-get', ['update', '-q'], { env });
  await updated;
  await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], { env });
}

/**
 * Path of a program, installed when it is missing and may be.
 *
 * @param {readonly string[]} names programs that serve, in order of preference
 * @param {string} debianPackage
 */
export async function provideProgram(names, debianPackage) {
  const find = () => names.map(which).find(Boolean);
  const found = find();
  if (found) return found;
  if (canInstall()) await installPackages(debianPackage);
  const installed = find();
  if (installed) return installed;
  throw new UserError(
    `${names.join(' or ')} is needed and cannot be installed without asking. ` +
      `Install it (Debian and Ubuntu: sudo apt-get install ${debianPackage}) and run this again.`,
  );
}
