/** Something that happened to an order: our own decision, or news from the broker. */
export type OrderChange =
  | { type: 'denied'; code: string; message: string }
  | { type: 'submitted' }
  /** `recovered`: learnt from the broker after a restart, before our own record of the submission. */
  | { type: 'accepted'; recovered?: boolean }
  | { type: 'rejected'; code: string; message: string; recovered?: boolean }
  | { type: 'triggered'; recovered?: boolean }
  | { type: 'canceled'; recovered?: boolean }
  | { type: 'expired'; recovered?: boolean }
  | { type: 'filled'; tradeId: string; quantity: number; price: number }
  /** `reason`: who asked, and why. */
  | { type: 'update-requested'; reason?: string | undefined }
  | { type: 'updated'; quantity?: number; limitPrice?: number | null; triggerPrice?: number | null }
  | { type: 'update-rejected' }
  | { type: 'cancel-requested'; reason?: string | undefined }
  | { type: 'cancel-rejected' }
  /** Something a person should know that moves nothing. */
  | { type: 'noted'; reason: string };
