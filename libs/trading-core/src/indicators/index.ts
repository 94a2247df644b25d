export { ATR, EMA, RSI, SMA } from 'trading-signals';
export * from './bands';
export * from './price-channel';
