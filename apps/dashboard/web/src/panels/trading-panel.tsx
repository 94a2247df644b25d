import type { DashboardUnified } from '@tickbridge/contracts';
import { useState } from 'react';
import { countOf } from '../format/counts';
import { useLive } from '../live/use-live';
import type { KnownParts } from '../live/known-parts';
import type { Polled } from '../live/use-polled';
import { Past } from '../parts/past';
import { OrdersTable } from './orders-table';
import { PositionsTable } from './positions-table';
import { SignalsTable } from './signals-table';

type Tab = 'positions' | 'orders' | 'signals';

interface TradingPanelProps {
  page: Polled<DashboardUnified>;
  known: KnownParts;
  onSelect: (symbol: string) => void;
}

/** Positions, orders and signals, one beside the other in tabs. */
export function TradingPanel({ page, known, onSelect }: TradingPanelProps) {
  const [tab, setTab] = useState<Tab>('orders');
  const orders = useLive((live) => live.orders);
  const signals = useLive((live) => live.signals);
  const positions = known.positions.value?.filter(({ quantity }) => quantity !== 0) ?? null;
  const tabs: readonly (readonly [Tab, string, string | null])[] = [
    ['orders', 'Orders', countOf(known.orders.value?.length ?? null, orders.length)],
    ['positions', 'Positions', positions === null ? null : String(positions.length)],
    ['signals', 'Signals', countOf(known.signals.value?.length ?? null, signals.length)],
  ];
  const past = known[tab].current ? null : known[tab].at;
  return (
    <section className="panel panel--trading" aria-label="Trading">
      <header className="panel__head">
        <div className="tabs" role="tablist">
          {tabs.map(([name, title, count]) => (
            <button
              key={name}
              type="button"
              role="tab"
              aria-selected={tab === name}
              onClick={() => setTab(name)}
            >
              {title} {count !== null && <span className="tabs__count">{count}</span>}
            </button>
          ))}
        </div>
        {past !== null && <Past at={past} />}
      </header>
      <div className={`panel__body ${past === null ? '' : 'past'}`} role="tabpanel">
        {tab === 'orders' && <OrdersTable orders={orders} page={page} onSelect={onSelect} />}
        {tab === 'positions' && <PositionsTable positions={positions} page={page} onSelect={onSelect} />}
        {tab === 'signals' && <SignalsTable signals={signals} page={page} onSelect={onSelect} />}
      </div>
    </section>
  );
}
