import { type DestinationStream, pino } from 'pino';

/** Lines that nobody has taken yet are kept up to this size (bytes); what comes then is dropped. */
const MAX_WAITING_BYTES = 1024 * 1024;
/** At the end of the process the reader is given this many looks, a tenth of a second apart. */
const LAST_LOOKS = 10;

/**
 * Standard output as the place of the log: a reader that takes nothing, or a file on a full disk, never holds up the
 * service. What cannot be written is dropped and counted, and the count is written as soon as there is room.
 */
export function logOutput(stream: { readonly fd: number } = process.stdout): DestinationStream {
  let dropped = 0;
  let looksLeft = Number.POSITIVE_INFINITY;
  // Asking for `process.stdout` has made a pipe non-blocking, so a full one is an answer instead of a wait.
  const output = pino.destination({
    dest: stream.fd,
    sync: false,
    maxLength: MAX_WAITING_BYTES,
    retryEAGAIN: () => (looksLeft -= 1) > 0,
  });
  output.on('drop', () => (dropped += 1));
  // A disk without room: the lines wait, up to the bound, and the next one tries again.
  output.on('error', () => undefined);
  output.on('drain', () => {
    if (dropped === 0) return;
    const line = { level: 'warn', time: new Date().toISOString(), dropped, msg: 'log lines were dropped' };
    dropped = 0;
    output.write(`${JSON.stringify(line)}\n`);
  });
  // Before the one of pino, which would look for ever.
  process.prependOnceListener('exit', () => {
    looksLeft = LAST_LOOKS;
    try {
      output.flushSync();
    } catch (error) {
      // Nobody takes the last lines; standard error may have another reader.
      process.stderr.write(`the last log lines could not be written: ${String(error)}\n`);
    }
    output.destroy();
  });
  return output;
}
