import type { DeliveryType } from "../mail-item.ts";

/** One delivery queue as an administrator sees it. Plain data. Source: [bb125237]. */
export interface DeliveryQueueView {
  /** `Ex2007SE\3`, `Ex2007SE\Unreachable`. */
  identity: string;
  deliveryType: DeliveryType;
  nextHopDomain: string;
  /** Name of the Send connector; null where none was chosen. Ours: Exchange shows a GUID. */
  nextHopConnector: string | null;
  /** Retry while the last connection failed and the next is not due yet. */
  status: "Active" | "Ready" | "Retry";
  messageCount: number;
  lastError: string | null;
  /** Lab time of the last failed attempt. */
  lastRetryTime: Date | null;
  nextRetryTime: Date | null;
  /** Internet message ids of what waits in it. */
  messages: readonly string[];
}
