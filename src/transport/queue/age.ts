import type { Clock } from "../../base/index.ts";
import type { TransportSettings } from "../../directory/index.ts";
import { reply } from "../../smtp/index.ts";
import type { MailItem } from "../mail-item.ts";

/** The ages at which something becomes of a message that waits. */
export type AgePolicy = Pick<TransportSettings, "delayNotificationTimeoutMs" | "messageExpirationTimeoutMs">;

/** What is said of a message that has expired. Source: [queue-expired], a report of 2007; [bb232118], 4.4.7. */
export const expired = reply(550, "4.4.7", "QUEUE.Expired; message expired");

/** Whether its time is over, counted from when this server took it. Source: [bb124238], MessageExpirationTimeout. */
export const isExpired = (item: Pick<MailItem, "receivedAt">, policy: AgePolicy, at: Date): boolean =>
  ageOf(item, at) >= policy.messageExpirationTimeoutMs;

/** Whether its sender is to hear that it is late. Source: [bb124238], DelayNotificationTimeout. */
export const isDelayed = (item: Pick<MailItem, "receivedAt">, policy: AgePolicy, at: Date): boolean =>
  ageOf(item, at) >= policy.delayNotificationTimeoutMs;

/** When a message expires that nobody takes. */
export const expiresAt = ({ receivedAt }: Pick<MailItem, "receivedAt">, policy: AgePolicy): Date =>
  new Date(receivedAt.getTime() + policy.messageExpirationTimeoutMs);

const ageOf = ({ receivedAt }: Pick<MailItem, "receivedAt">, at: Date): number => at.getTime() - receivedAt.getTime();

/** A message that is late already when it enters the queue, after a restart, is first tried. Ours. */
const firstTryMs = 60_000;
/** Ages are looked at by whole seconds, so that a thousand messages of one second are one look. Ours. */
const lookMs = 1_000;

/** One timer for the ages of all that waits on a server. It may call too early, never too late. */
export class AgeWatch {
  readonly #clock: Clock;
  readonly #name: string;
  readonly #policy: () => AgePolicy;
  readonly #look: () => void;
  #timer: { at: number; cancel: () => void } | undefined;

  /** @param look sees to what has come of age, then says by `follow` what still waits */
  constructor(clock: Clock, name: string, policy: () => AgePolicy, look: () => void) {
    this.#clock = clock;
    this.#name = name;
    this.#policy = policy;
    this.#look = look;
  }

  /** Watches one more message. */
  add(item: MailItem): void {
    const now = this.#clock.now().getTime();
    for (const at of this.#ages(item)) this.#arm(at > now ? at : now + firstTryMs);
  }

  /** Watches these and no others. What they have come of age for already was seen to. */
  follow(items: Iterable<MailItem>): void {
    this.stop();
    const now = this.#clock.now().getTime();
    for (const item of items) for (const at of this.#ages(item)) if (at > now) this.#arm(at);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #ages({ receivedAt }: MailItem): number[] {
    const { delayNotificationTimeoutMs, messageExpirationTimeoutMs } = this.#policy();
    return [delayNotificationTimeoutMs, messageExpirationTimeoutMs].map((age) => receivedAt.getTime() + age);
  }

  #arm(due: number): void {
    const at = Math.ceil(due / lookMs) * lookMs;
    if (this.#timer && this.#timer.at <= at) return;
    this.stop();
    const cancel = this.#clock.at(new Date(at), this.#name, () => {
      this.#timer = undefined;
      this.#look();
    });
    this.#timer = { at, cancel };
  }
}
