import type { CacheStats } from '@tickbridge/contracts';
import { ABSENT, formatBytes, formatCount, formatRate } from '../format/numbers';
import { usePolled } from '../live/use-polled';
import { Badge } from '../parts/badge';
import { Note } from '../parts/note';
import { Panel } from '../parts/panel';

const TIERS = { l1: 'L1 memory', l2: 'L2 Memcached', l3: 'L3 Redis' } as const;

/** Hit rates as counted, and Redis as it reports itself. */
export function CachePanel() {
  const { data, error, loading, current, answeredAt } = usePolled<CacheStats>('/cache/stats', 3_000);
  const redis = data?.redis;
  return (
    <Panel
      title="Cache"
      area="cache"
      pastSince={current ? null : answeredAt}
      aside={
        redis && (
          <Badge
            tone={redis.connected ? 'good' : redis.configured ? 'bad' : 'warn'}
            title={redis.lastError ?? undefined}
          >
            Redis {redis.connected ? 'connected' : redis.configured ? 'away' : 'not configured'}
          </Badge>
        )
      }
    >
      {data === null ? (
        <Note kind={loading ? 'loading' : 'error'}>{loading ? 'Loading cache statistics.' : error}</Note>
      ) : (
        <>
          <table className="table table--plain">
            <thead>
              <tr>
                <th className="cell--text">Tier</th>
                <th>Hit rate</th>
                <th>Hits</th>
                <th>Misses</th>
              </tr>
            </thead>
            <tbody>
              {data.tiers.map((tier) => (
                <tr key={tier.tier}>
                  <td className="cell--text">{TIERS[tier.tier]}</td>
                  <td>{tier.enabled ? formatRate(tier.hitRate) : 'off'}</td>
                  <td className="cell--soft">{tier.enabled ? formatCount(tier.hits) : ABSENT}</td>
                  <td className="cell--soft">{tier.enabled ? formatCount(tier.misses) : ABSENT}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <dl className="facts">
            <Fact label="Keyspace" value={formatRate(keyspaceRate(data))} />
            <Fact label="Memory" value={formatBytes(redis?.server?.usedMemoryBytes)} />
            <Fact label="Commands / s" value={formatCount(redis?.server?.opsPerSecond)} />
            <Fact label="Clients" value={formatCount(redis?.server?.connectedClients)} />
            <Fact label="Evicted" value={formatCount(redis?.server?.evictedKeys)} />
            <Fact
              label="Round trip"
              value={
                redis?.latencyMs === null || redis === undefined ? ABSENT : `${redis.latencyMs.toFixed(2)} ms`
              }
            />
          </dl>
        </>
      )}
    </Panel>
  );
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function keyspaceRate({ redis }: CacheStats): number | null {
  if (redis.server === null) return null;
  const { keyspaceHits, keyspaceMisses } = redis.server;
  return keyspaceHits + keyspaceMisses === 0 ? null : keyspaceHits / (keyspaceHits + keyspaceMisses);
}
