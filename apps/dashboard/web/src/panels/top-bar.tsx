import type { CurrentUser, TradingState } from '@tickbridge/contracts';
import { formatTime } from '../format/time';
import { signOut } from '../live/sign-out';
import { useLive, useServerTime } from '../live/use-live';
import { Badge } from '../parts/badge';
import { Change } from '../parts/change';
import type { PageName } from '../navigation/pages';
import { KillLadder } from './kill-ladder';
import { PageNav } from './page-nav';
import { Price } from '../parts/price';

const HEADLINES = ['NIFTY 50', 'NIFTY BANK', 'BTCUSDT', 'ETHUSDT'];

interface TopBarProps {
  page: PageName;
  user: CurrentUser | null;
  trading: TradingState | null;
  onChanged: () => void;
}

/** Who, when, which market, and the controls nobody should have to look for. */
export function TopBar({ page, user, trading, onChanged }: TopBarProps) {
  const system = useLive((live) => live.system);
  const now = useServerTime();
  const symbols = useLive((live) => live.symbols);
  const headlines = HEADLINES.filter((symbol) => symbols.includes(symbol)).slice(0, 2);
  return (
    <header className="top-bar">
      <span className="top-bar__brand">
        <img src="/favicon.svg" alt="" width="20" height="20" />
        Tickbridge
      </span>
      <PageNav page={page} role={user?.role} />
      {system?.feeds.some(({ simulated }) => simulated) && (
        <Badge tone="warn" title="These prices are not from an exchange.">
          {system.feeds.some(({ feed }) => feed === 'replay') ? 'REPLAY' : 'SIMULATED'}
        </Badge>
      )}
      <div className="top-bar__headlines">
        {headlines.map((symbol) => (
          <Headline key={symbol} symbol={symbol} />
        ))}
      </div>
      <KillLadder state={trading} onChanged={onChanged} />
      <time className="top-bar__clock" title="Indian Standard Time">
        {formatTime(now)} <span>IST</span>
      </time>
      <span className="top-bar__user">
        <a
          href="#/account"
          aria-current={page === 'account' ? 'page' : undefined}
          title={user === null ? undefined : `Signed in as ${user.role}`}
        >
          {user?.name ?? ''}
        </a>
        <button type="button" className="button button--quiet" onClick={() => void signOut()}>
          Sign out
        </button>
      </span>
    </header>
  );
}

function Headline({ symbol }: { symbol: string }) {
  const quote = useLive(({ quotes }) => quotes.get(symbol));
  return (
    <span className="headline">
      <span className="headline__name">{symbol}</span>
      <span className="headline__price">
        <Price symbol={symbol} price={quote?.lastPrice} />
      </span>
      <Change percent={quote?.changePercent} />
    </span>
  );
}
