import type { SystemStatus } from '@tickbridge/contracts';
import { ABSENT } from '../format/numbers';
import { formatAge } from '../format/time';
import { useLive, useServerTime, useSilence, useSystem } from '../live/use-live';
import { Lamp, type Tone } from '../parts/badge';

/** Where the numbers come from and how old they are: always in sight. */
export function StatusBar() {
  const { connected, quotes } = useLive();
  const system = useSystem();
  const silent = useSilence();
  const now = useServerTime();
  const newest = Math.max(0, ...[...quotes.values()].map(({ receivedAt }) => receivedAt));
  return (
    <footer className="status-bar">
      <Item tone={connected === null ? 'plain' : silent ? 'bad' : 'good'} label="Stream">
        {streamWord(connected, silent)}
      </Item>
      <Item tone={feedTone(system)} label="Feed" title={system?.feed?.lastError ?? undefined}>
        {system?.feed ? `${system.feed.feed} ${system.feed.state}` : ABSENT}
      </Item>
      <Item tone={sourceTone(system)} label="Source">
        {system?.live.source ?? ABSENT}
      </Item>
      <Item tone="plain" label="Age">
        {newest === 0 ? ABSENT : formatAge(now - newest)}
      </Item>
      <Item tone={redisTone(system)} label="Redis" title={system?.redis.lastError ?? undefined}>
        {redisWord(system)}
      </Item>
      <Item tone="plain" label="Symbols">
        {quotes.size}
      </Item>
      <a className="status-bar__credit" href="https://www.tradingview.com/" rel="noreferrer" target="_blank">
        Charts by TradingView
      </a>
    </footer>
  );
}

interface ItemProps {
  tone: Tone;
  label: string;
  title?: string | undefined;
  children: React.ReactNode;
}

function Item({ tone, label, title, children }: ItemProps) {
  return (
    <span className="status-bar__item" title={title}>
      {tone !== 'plain' && <Lamp tone={tone} />}
      <span className="status-bar__label">{label}</span>
      {children}
    </span>
  );
}

function streamWord(connected: boolean | null, silent: boolean): string {
  if (connected === null) return 'connecting';
  if (!connected) return 'lost, trying again';
  return silent ? 'silent' : 'live';
}

function feedTone(system: SystemStatus | null): Tone {
  if (system === null) return 'plain';
  if (system.feed === null) return 'bad';
  if (system.feed.dataFlowing) return 'good';
  return system.feed.connected || system.feed.state === 'finished' ? 'warn' : 'bad';
}

function sourceTone(system: SystemStatus | null): Tone {
  if (system === null) return 'plain';
  if (system.live.source === 'none') return 'bad';
  return system.live.source === 'redis' ? 'good' : 'warn';
}

function redisTone(system: SystemStatus | null): Tone {
  if (system === null) return 'plain';
  if (system.redis.connected) return 'good';
  return system.redis.configured ? 'bad' : 'warn';
}

function redisWord(system: SystemStatus | null): string {
  if (system === null) return ABSENT;
  if (system.redis.connected) return 'connected';
  return system.redis.configured ? `away, breaker ${system.redis.breaker}` : 'not configured';
}
