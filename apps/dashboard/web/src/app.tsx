import { useCallback, useContext, useEffect, useState, type ReactNode } from 'react';
import { asOf, learn, NOTHING_KNOWN, outagesOf } from './live/known-parts';
import { LiveContext, useLive, useSilence } from './live/use-live';
import { usePolled } from './live/use-polled';
import { AccountsPanel } from './panels/accounts-panel';
import { CachePanel } from './panels/cache-panel';
import { ConfirmDialog } from './panels/confirm-dialog';
import { ChartPanel } from './panels/chart-panel';
import { MarketPanel } from './panels/market-panel';
import { PipelinePanel } from './panels/pipeline-panel';
import { PortfolioStrip } from './panels/portfolio-strip';
import { PriceTable } from './panels/price-table';
import { StatusBar } from './panels/status-bar';
import { SystemPanel } from './panels/system-panel';
import { TokenPrompt } from './panels/token-prompt';
import { TopBar } from './panels/top-bar';
import { TradingPanel } from './panels/trading-panel';
import { ViewTabs, type View } from './panels/view-tabs';
import { AccountPage } from './pages/account-page';
import { AuditPage } from './pages/audit-page';
import { BacktestsPage } from './pages/backtests-page';
import { OrdersPage } from './pages/orders-page';
import { usePage, type PageName } from './navigation/pages';
import { PortfolioPage } from './pages/portfolio-page';
import { StrategiesPage } from './pages/strategies-page';
import { UsersPage } from './pages/users-page';
import { OutageStrip } from './parts/outage-strip';

/** The instruments whose prices come. */
const SUBSCRIBED = { query: { subscribed: 'true', limit: 5_000 } } as const;

/** Pages beside the desk. */
const OTHERS: Record<Exclude<PageName, 'desk'>, () => ReactNode> = {
  orders: OrdersPage,
  portfolio: PortfolioPage,
  strategies: StrategiesPage,
  backtests: BacktestsPage,
  account: AccountPage,
  users: UsersPage,
  audit: AuditPage,
};

/** The whole page: everything on a desk, one view at a time on a phone; or one of the other pages. */
export function App() {
  const store = useContext(LiveContext);
  const symbols = useLive((live) => live.symbols);
  const [selected, setSelected] = useState<string | null>(null);
  const [view, setView] = useState<View>('market');
  const wanted = usePage();
  const user = usePolled('GET /api/v1/auth/me', {}, 300_000);
  // Nothing else answers before the second factor that is required is set up.
  const where = user.data?.secondFactor === 'required' ? 'account' : wanted;
  const accounts = usePolled('GET /api/v1/accounts', {}, 5_000);
  // Viewers have nothing to do with the daily login.
  const logsIn = user.data !== null && user.data.role !== 'viewer';
  const tokens = usePolled('GET /api/v1/accounts/tokens', logsIn ? {} : null, 5_000);
  const [learned, setLearned] = useState(NOTHING_KNOWN);
  const page = usePolled('GET /api/v1/dashboard/unified', {}, 2_500, (data) => {
    store?.takeLists(data);
    setLearned((before) => learn(before, data, Date.now()));
  });
  usePolled('GET /api/v1/instruments', SUBSCRIBED, 600_000, ({ instruments }) =>
    store?.takeInstruments(instruments),
  );
  const known = asOf(learned, page);
  const outages = outagesOf(known, page);
  const silence = useSilence();
  const { reload } = page;

  useEffect(() => store?.start(), [store]);
  useEffect(() => store?.onResync(reload), [store, reload]);

  const select = useCallback((symbol: string) => setSelected(symbol), []);
  const symbol = selected ?? firstOf(symbols);
  const top = (
    <TopBar
      page={where}
      user={user.data}
      trading={known.trading.current ? known.trading.value : null}
      onChanged={reload}
    />
  );
  const outageStrip = (
    <OutageStrip
      outages={
        silence === null
          ? outages
          : [{ what: 'live prices', since: silence.since, why: 'The live stream is silent.' }, ...outages]
      }
    />
  );
  if (where !== 'desk') {
    const Other = OTHERS[where];
    return (
      <div className="sheet" data-prices={silence === null ? 'live' : 'past'}>
        {top}
        {outageStrip}
        <main className="sheet__body">
          <Other />
        </main>
        <StatusBar />
        <ConfirmDialog user={user.data} />
      </div>
    );
  }
  return (
    <div className="desk" data-view={view} data-prices={silence === null ? 'live' : 'past'}>
      {top}
      <div className="notices">
        {outageStrip}
        <TokenPrompt accounts={accounts.data ?? []} tokens={tokens.data ?? []} />
        <PortfolioStrip portfolios={known.portfolios} loading={page.loading} />
      </div>
      <PriceTable
        selected={symbol}
        onSelect={(next) => {
          select(next);
          setView((current) => (current === 'market' ? 'chart' : current));
        }}
        onMove={select}
      />
      <ChartPanel symbol={symbol} />
      <TradingPanel page={page} known={known} onSelect={select} />
      <div className="side">
        <MarketPanel page={page} onSelect={select} />
        <AccountsPanel accounts={accounts} tokens={tokens} mayArm={user.data?.role === 'admin'} />
        <PipelinePanel />
        <CachePanel />
        <SystemPanel />
      </div>
      <StatusBar />
      <ViewTabs view={view} onChange={setView} />
      <ConfirmDialog user={user.data} />
    </div>
  );
}

/** The broad index where there is one. */
function firstOf(symbols: readonly string[]): string | null {
  return symbols.includes('NIFTY 50') ? 'NIFTY 50' : (symbols[0] ?? null);
}
