import type { DashboardUnified } from '@tickbridge/contracts';
import { useState } from 'react';
import { useLive } from '../live/use-live';
import type { Polled } from '../live/use-polled';
import { OrdersTable } from './orders-table';
import { PositionsTable } from './positions-table';
import { SignalsTable } from './signals-table';

type Tab = 'positions' | 'orders' | 'signals';

interface TradingPanelProps {
  page: Polled<DashboardUnified>;
  onSelect: (symbol: string) => void;
}

/** Positions, orders and signals, one beside the other in tabs. */
export function TradingPanel({ page, onSelect }: TradingPanelProps) {
  const [tab, setTab] = useState<Tab>('orders');
  const { orders, signals } = useLive();
  const positions = page.data?.positions?.filter(({ quantity }) => quantity !== 0) ?? null;
  const tabs: readonly (readonly [Tab, string, number | null])[] = [
    ['orders', 'Orders', page.data?.orders === null ? null : orders.length],
    ['positions', 'Positions', positions?.length ?? null],
    ['signals', 'Signals', page.data?.signals === null ? null : signals.length],
  ];
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
      </header>
      <div className="panel__body" role="tabpanel">
        {tab === 'orders' && <OrdersTable orders={orders} page={page} onSelect={onSelect} />}
        {tab === 'positions' && <PositionsTable positions={positions} page={page} onSelect={onSelect} />}
        {tab === 'signals' && <SignalsTable signals={signals} page={page} onSelect={onSelect} />}
      </div>
    </section>
  );
}
