/** Subjects of Nest's Redis transport between the services. */
export const SUBJECTS = {
  /** Request/reply: `RiskCheckRequest` to `RiskDecision`. */
  riskCheck: 'risk.check',
  /** Event: `Signal`. */
  signalCreated: 'signal.created',
  /** Event: `Order`, after each stored transition. */
  orderUpdated: 'order.updated',
  /** Event: `Fill`. */
  fillCreated: 'fill.created',
  /** Event: `TradingState`. */
  tradingState: 'trading.state',
  /** Event: `TokenStatus`; never the token itself. */
  tokenUpdated: 'token.updated',
} as const;

export type Subject = (typeof SUBJECTS)[keyof typeof SUBJECTS];
