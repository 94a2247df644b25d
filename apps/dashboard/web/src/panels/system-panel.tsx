import type { ServiceStatus } from '@tickbridge/contracts';
import { ABSENT } from '../format/numbers';
import { useLive, useSystem } from '../live/use-live';
import { Lamp, type Tone } from '../parts/badge';
import { Note } from '../parts/note';
import { Panel } from '../parts/panel';
import { CalendarList } from './calendar-list';

const TONES: Record<ServiceStatus['status'], Tone> = { up: 'good', degraded: 'warn', down: 'bad' };

/** Every service, asked a moment ago. */
export function SystemPanel() {
  const system = useLive((live) => live.system);
  const systemAt = useLive((live) => live.systemAt);
  const current = useSystem() !== null;
  return (
    <Panel title="Services" area="system" pastSince={current ? null : systemAt}>
      {system === null ? (
        <Note kind="loading">Asking the services.</Note>
      ) : (
        <ul className="services">
          {system.services.map((service) => (
            <li key={service.name}>
              <Lamp tone={TONES[service.status]} />
              <span>{service.name}</span>
              <span className="cell--soft">{service.status}</span>
              <span className="cell--age">
                {service.latencyMs === null ? ABSENT : `${service.latencyMs} ms`}
              </span>
              <span className="services__detail">{detailOf(service)}</span>
              <span className="services__clock">{clocksOf(service)}</span>
            </li>
          ))}
        </ul>
      )}
      <CalendarList />
    </Panel>
  );
}

/** How far the service's clock is from those it was compared with. */
function clocksOf({ dependencies }: ServiceStatus): string {
  const offsets = Object.entries(dependencies).flatMap(([name, { clockOffsetMs: offset }]) =>
    offset === undefined ? [] : [`${name} ${offset > 0 ? '+' : ''}${offset} ms`],
  );
  return offsets.length === 0 ? '' : `Clock less that of ${offsets.join(', ')}`;
}

/** What is wrong, in the service's own words. */
function detailOf({ detail, dependencies }: ServiceStatus): string {
  const troubles = Object.entries(dependencies)
    .filter(([, { status }]) => status !== 'up')
    .map(([name, { status, detail: why }]) => `${name}: ${why ?? status}`);
  return [detail, ...troubles].filter((text) => text !== null).join(' · ');
}
