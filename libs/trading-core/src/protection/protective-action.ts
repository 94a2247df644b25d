import type { OrderSide } from '@tickbridge/contracts';

/** What has to be done so that the right stop rests. */
export type ProtectiveAction =
  | {
      kind: 'place';
      strategy: string;
      groupId: string;
      side: OrderSide;
      quantity: number;
      trigger: number;
    }
  /** Changes the order that rests. `quantity`: of the whole order, what is filled of it included. */
  | { kind: 'replace'; orderId: string; quantity: number; trigger: number }
  | { kind: 'cancel'; orderId: string }
  /** No stop can protect the position: it is closed. */
  | {
      kind: 'close';
      strategy: string;
      groupId: string;
      side: OrderSide;
      quantity: number;
      cause: 'stop-passed' | 'stop-refused';
    };
