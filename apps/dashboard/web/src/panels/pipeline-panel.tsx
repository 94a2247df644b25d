import type { PipelineStage } from '@tickbridge/contracts';
import { formatCount } from '../format/numbers';
import { formatAge } from '../format/time';
import { useServerTime } from '../live/use-live';
import { usePolled } from '../live/use-polled';
import { Badge, Lamp, type Tone } from '../parts/badge';
import { Note } from '../parts/note';
import { Panel } from '../parts/panel';

/** Where data stops between feed and fill, and why. */
export function PipelinePanel() {
  const { data, error, loading, current, answeredAt } = usePolled('GET /api/v1/pipeline/trace', {}, 2_500);
  const now = useServerTime();
  return (
    <Panel
      title="Pipeline"
      area="pipeline"
      pastSince={current ? null : answeredAt}
      aside={
        data !== null && (
          <Badge tone={data.blockedAt === null ? 'good' : 'warn'}>
            {data.blockedAt === null ? 'flowing' : `stops at ${data.blockedAt}`}
          </Badge>
        )
      }
    >
      {data === null ? (
        <Note kind={loading ? 'loading' : 'error'}>{loading ? 'Loading the trace.' : error}</Note>
      ) : (
        <>
          <ol className="pipeline">
            {data.stages.map((stage) => (
              <Stage key={stage.stage} stage={stage} blocked={data.blockedAt === stage.stage} now={now} />
            ))}
          </ol>
          <p className="pipeline__diagnosis">{data.diagnosis}</p>
        </>
      )}
    </Panel>
  );
}

function Stage({ stage, blocked, now }: { stage: PipelineStage; blocked: boolean; now: number }) {
  const stopped = Object.entries(stage.stopped).filter(([, count]) => count > 0);
  return (
    <li className="pipeline__stage" title={stage.reason ?? undefined}>
      <Lamp tone={toneOf(stage, blocked)} />
      <span className="pipeline__name">{stage.stage}</span>
      <span className="pipeline__count">
        {formatCount(stage.received)} → {formatCount(stage.passed)}
      </span>
      <span className="cell--age">
        {stage.lastAt === null ? '—' : formatAge(now - Date.parse(stage.lastAt))}
      </span>
      {(stage.reason !== null || stopped.length > 0) && (
        <span className="pipeline__reason">
          {stage.reason ?? stopped.map(([reason, count]) => `${reason} ${formatCount(count)}`).join(' · ')}
        </span>
      )}
    </li>
  );
}

function toneOf(stage: PipelineStage, blocked: boolean): Tone {
  if (blocked) return 'bad';
  if (stage.passed > 0) return 'good';
  return stage.received > 0 ? 'warn' : 'plain';
}
