import { readRecording, type RecordedLine } from './recording';

interface Source {
  lines: AsyncGenerator<RecordedLine>;
  head: RecordedLine;
}

/**
 * Several recordings as one, in the order the recorder saw the frames. Lines of one file keep their order;
 * at the same time the file named first comes first. A bad line goes out where it stands.
 */
export async function* mergeRecordings(paths: readonly string[]): AsyncGenerator<RecordedLine> {
  const sources: Source[] = [];
  try {
    for (const path of paths) {
      const lines = readRecording(path);
      const first = await lines.next();
      if (!first.done) sources.push({ lines, head: first.value });
    }
    while (sources.length > 0) {
      const earliest = earliestOf(sources);
      yield earliest.head;
      const next = await earliest.lines.next();
      if (next.done) sources.splice(sources.indexOf(earliest), 1);
      else earliest.head = next.value;
    }
  } finally {
    for (const source of sources) await source.lines.return(undefined);
  }
}

function earliestOf(sources: readonly Source[]): Source {
  return sources.reduce((best, source) => (timeOf(source) < timeOf(best) ? source : best));
}

function timeOf(source: Source): number {
  return source.head.recordedAt ?? Number.NEGATIVE_INFINITY;
}
