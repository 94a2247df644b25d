/** Where a feed comes from and how to log in there. */
export type FeedConfig =
  | {
      name: 'truedata' | 'simulator';
      url: string;
      user: string;
      password: string;
      /** History of bars and ticks; `null` when the feed has none. */
      history: { authUrl: string; dataUrl: string } | null;
      /** Host of the symbol master; `null` when the feed has none. */
      symbolsUrl: string | null;
      symbols: readonly string[];
    }
  | { name: 'binance'; url: string; restUrl: string; symbols: readonly string[] }
  | {
      name: 'alpaca';
      url: string;
      restUrl: string;
      tradingUrl: string;
      key: string;
      secret: string;
      symbols: readonly string[];
    }
  | { name: 'replay'; files: readonly string[]; speed: number | 'max'; symbols: readonly string[] | null };

/** What the feed of a name is configured with. */
export type FeedConfigOf<Name extends FeedConfig['name']> = ConfigNamed<FeedConfig, Name>;

type ConfigNamed<Config, Name> = Config extends { readonly name: infer Own }
  ? [Name & Own] extends [never]
    ? never
    : Config
  : never;
