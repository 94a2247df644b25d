import type { SlowCommand } from '@tickbridge/contracts';
import { formatDuration } from '../format/cache';
import { formatTime } from '../format/time';

/** Redis' newest slow commands: what, how long, when; never what they carried. */
export function SlowLog({ commands }: { commands: readonly SlowCommand[] | null }) {
  if (commands === null) return <p className="slow-log__note">Redis does not let us read its slow log.</p>;
  if (commands.length === 0) return <p className="slow-log__note">No slow command on record.</p>;
  return (
    <>
      <h4>Slow commands</h4>
      <ol className="slow-log">
        {commands.map(({ id, at, command, argumentCount, key, durationMicroseconds }) => (
          <li key={id}>
            <span className="slow-log__command">{command}</span>
            <span className="slow-log__key" title={key ?? undefined}>
              {key ?? argumentsOf(argumentCount)}
            </span>
            <span>{formatDuration(durationMicroseconds)}</span>
            <time className="cell--age" dateTime={at}>
              {formatTime(at)}
            </time>
          </li>
        ))}
      </ol>
    </>
  );
}

function argumentsOf(count: number): string {
  return count === 1 ? '1 argument' : `${count} arguments`;
}
