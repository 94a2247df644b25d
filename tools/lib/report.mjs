const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code, text) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);

export const bold = (text) => paint(1, text);
export const dim = (text) => paint(2, text);
export const green = (text) => paint(32, text);
export const yellow = (text) => paint(33, text);
export const red = (text) => paint(31, text);

/** Steps under way, shown on one line that the next finished one replaces. */
const running = new Set();
const clearRunning = () => process.stdout.isTTY && process.stdout.write('\r\u001b[2K');
function showRunning() {
  clearRunning();
  if (process.stdout.isTTY && running.size > 0)
    process.stdout.write(`  ${dim(`… ${[...running].join(', ')}`)}`);
}

/**
 * One line per step: its name when it begins, how it went and how long it took when it ends.
 *
 * @param {string} name
 * @param {() => Promise<string | void>} work what it resolves to is shown behind the name
 */
export async function step(name, work) {
  const started = performance.now();
  running.add(name);
  showRunning();
  const finish = (mark, detail) => {
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    running.delete(name);
    clearRunning();
    process.stdout.write(`  ${mark} ${name}${detail ? `: ${detail}` : ''} ${dim(`(${seconds} s)`)}\n`);
    showRunning();
  };
  try {
    const result = await work();
    finish(green('✓'), typeof result === 'string' ? result : '');
    return result;
  } catch (error) {
    finish(red('✗'), '');
    throw error;
  }
}

/** A failure the user can do something about: shown without a stack. */
export class UserError extends Error {}
