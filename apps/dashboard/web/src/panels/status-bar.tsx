import type { FeedSummary, SystemStatus } from '@tickbridge/contracts';
import { ABSENT } from '../format/numbers';
import { formatAge } from '../format/time';
import { useLive, useServerTime, useSilence, useSystem } from '../live/use-live';
import { Lamp, type Tone } from '../parts/badge';

/** Where the numbers come from and how old they are: always in sight. */
export function StatusBar() {
  const connected = useLive((live) => live.connected);
  const quotes = useLive((live) => live.quotes);
  const system = useSystem();
  const feeds = system?.feeds ?? [];
  const silent = useSilence() !== null;
  const now = useServerTime();
  const newest = Math.max(0, ...[...quotes.values()].map(({ receivedAt }) => receivedAt));
  return (
    <footer className="status-bar">
      <Item tone={connected === null ? 'plain' : silent ? 'bad' : 'good'} label="Stream">
        {streamWord(connected, silent)}
      </Item>
      {feeds.length === 0 && (
        <Item tone={system === null ? 'plain' : 'bad'} label="Feed">
          {ABSENT}
        </Item>
      )}
      {feeds.map((feed) => (
        <Item key={feed.feed} tone={feedTone(feed)} label="Feed" title={feedTitle(feed)}>
          {`${feed.feed} ${feedWord(feed)}`}
        </Item>
      ))}
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

function feedTone(feed: FeedSummary): Tone {
  if (feed.marketStatus?.contradiction) return 'warn';
  if (feed.dataFlowing) return 'good';
  if (isClosed(feed)) return 'plain';
  return feed.connected || feed.state === 'finished' ? 'warn' : 'bad';
}

function feedTitle({ lastError, marketStatus }: FeedSummary): string | undefined {
  return lastError ?? marketStatus?.contradiction ?? undefined;
}

function feedWord(feed: FeedSummary): string {
  if (isClosed(feed)) return 'market closed';
  return feed.connected && !feed.dataFlowing ? 'silent' : feed.state;
}

/** A connected feed of a closed market has nothing to say. */
function isClosed({ connected, dataFlowing, marketStatus }: FeedSummary): boolean {
  return connected && !dataFlowing && marketStatus?.state === 'closed';
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
