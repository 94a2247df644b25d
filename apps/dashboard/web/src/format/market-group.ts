import type { AssetClass, MarketGroup } from '@tickbridge/contracts';

const CLASSES: Readonly<Record<AssetClass, string>> = {
  stock: 'Stocks',
  index: 'Indices',
  future: 'Futures',
  option: 'Options',
  crypto: 'Crypto',
  macro: 'Macro',
};

type Named = Pick<MarketGroup, 'assetClass' | 'feed'>;

/** `Stocks · USD`: two countries' stocks are told apart by their currency. */
export function groupName({ assetClass, currency }: Pick<MarketGroup, 'assetClass' | 'currency'>): string {
  return `${CLASSES[assetClass]} · ${currency}`;
}

export function groupKey({ assetClass, feed }: Named): string {
  return `${feed} ${assetClass}`;
}

/** The group that was chosen while the market still has it, else the largest. */
export function chosenGroup<Group extends Named>(
  groups: readonly Group[],
  chosen: string | null,
): Group | undefined {
  return groups.find((group) => groupKey(group) === chosen) ?? groups[0];
}
