import type { CacheStats, TierStats } from '@tickbridge/contracts';
import { formatUse, hitRateOf } from '../format/cache';
import { ABSENT, formatCount } from '../format/numbers';
import { usePolled } from '../live/use-polled';
import { Badge } from '../parts/badge';
import { Note } from '../parts/note';
import { Panel } from '../parts/panel';
import { SlowLog } from './slow-log';

const TIERS = { l1: 'L1 memory', l2: 'L2 Memcached', l3: 'L3 Redis' } as const;

type Link = CacheStats['redis'] | NonNullable<CacheStats['memcached']>;

/** Hit rates as counted, and the servers behind them as they report themselves. */
export function CachePanel() {
  const { data, error, loading, current, answeredAt } = usePolled('GET /api/v1/cache/stats', {}, 3_000);
  return (
    <Panel
      title="Cache"
      area="cache"
      pastSince={current ? null : answeredAt}
      aside={data && <LinkBadge name="Redis" link={data.redis} />}
    >
      {data === null ? (
        <Note kind={loading ? 'loading' : 'error'}>{loading ? 'Loading cache statistics.' : error}</Note>
      ) : (
        <>
          <Tiers stats={data} />
          <dl className="facts">
            <Fact
              wide
              label="Entries in memory"
              value={`${formatCount(data.l1.entries)} of ${formatCount(data.l1.maxEntries)}`}
            />
            <Fact wide label="Loads since start" value={formatCount(data.loads)} />
          </dl>
          {data.memcached?.configured && <Memcached status={data.memcached} />}
          {data.redis.configured && <Redis status={data.redis} />}
        </>
      )}
    </Panel>
  );
}

function Tiers({ stats }: { stats: CacheStats }) {
  return (
    <table className="table table--plain">
      <thead>
        <tr>
          <th className="cell--text">Tier</th>
          <th>Hits</th>
          <th>Misses</th>
          <th>Hit rate</th>
        </tr>
      </thead>
      <tbody>
        {stats.tiers.map((tier) => (
          <tr key={tier.tier}>
            <td className="cell--text">{TIERS[tier.tier]}</td>
            <td className="cell--soft">{tier.enabled ? formatCount(tier.hits) : ABSENT}</td>
            <td className="cell--soft">{tier.enabled ? formatCount(tier.misses) : ABSENT}</td>
            <td className="cache__rate">
              <HitRate tier={tier} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function HitRate({ tier: { enabled, hits, misses } }: { tier: TierStats }) {
  if (!enabled) return <span className="cache__few">off</span>;
  return hitRateOf(hits, misses) ?? <span className="cache__few">not enough reads yet</span>;
}

function Redis({ status: { server, latencyMs } }: { status: CacheStats['redis'] }) {
  const keyspace = server && hitRateOf(server.keyspaceHits, server.keyspaceMisses);
  return (
    <section className="cache__server" aria-label="Redis">
      <h3>
        Redis <span>{server?.version}</span>
      </h3>
      <dl className="facts">
        <Fact wide label="Memory" value={formatUse(server?.usedMemoryBytes, server?.maxMemoryBytes)} />
        <Fact label="Commands / s" value={formatCount(server?.opsPerSecond)} />
        <Fact label="Clients" value={formatCount(server?.connectedClients)} />
        <Fact label="Evicted" value={formatCount(server?.evictedKeys)} />
        <Fact label="Keyspace" value={keyspace ?? ABSENT} />
        <Fact label="Round trip" value={formatLatency(latencyMs)} />
      </dl>
      {server && <SlowLog commands={server.slowLog} />}
    </section>
  );
}

function Memcached({ status }: { status: NonNullable<CacheStats['memcached']> }) {
  const { server, latencyMs } = status;
  return (
    <section className="cache__server" aria-label="Memcached">
      <h3>
        Memcached <span>{server?.version}</span>
        <LinkBadge name="" link={status} />
      </h3>
      <dl className="facts">
        <Fact wide label="Memory" value={formatUse(server?.usedMemoryBytes, server?.maxMemoryBytes)} />
        <Fact label="Items" value={formatCount(server?.items)} />
        <Fact label="Clients" value={formatCount(server?.connectedClients)} />
        <Fact label="Evicted" value={formatCount(server?.evictedItems)} />
        <Fact label="Round trip" value={formatLatency(latencyMs)} />
      </dl>
    </section>
  );
}

function LinkBadge({ name, link }: { name: string; link: Link }) {
  const { connected, configured, lastError } = link;
  return (
    <Badge tone={connected ? 'good' : configured ? 'bad' : 'warn'} title={lastError ?? undefined}>
      {name} {connected ? 'connected' : configured ? 'away' : 'not configured'}
    </Badge>
  );
}

function Fact({ label, value, wide = false }: { label: string; value: string; wide?: boolean }) {
  return (
    <div className={wide ? 'facts__wide' : undefined}>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function formatLatency(latencyMs: number | null): string {
  return latencyMs === null ? ABSENT : `${latencyMs.toFixed(2)} ms`;
}
