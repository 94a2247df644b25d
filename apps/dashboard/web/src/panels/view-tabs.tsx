export type View = 'market' | 'chart' | 'trading' | 'system';

const VIEWS: readonly (readonly [View, string])[] = [
  ['market', 'Market'],
  ['chart', 'Chart'],
  ['trading', 'Trading'],
  ['system', 'System'],
];

/** The phone's navigation. */
export function ViewTabs({ view, onChange }: { view: View; onChange: (view: View) => void }) {
  return (
    <nav className="view-tabs" aria-label="Views">
      {VIEWS.map(([name, title]) => (
        <button
          key={name}
          type="button"
          aria-current={view === name ? 'page' : undefined}
          onClick={() => onChange(name)}
        >
          {title}
        </button>
      ))}
    </nav>
  );
}
