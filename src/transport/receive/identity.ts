import type { ReceiveConnector } from "../../directory/index.ts";
import type { Authentication, SmtpAddress } from "../../smtp/index.ts";
import { formatPermissions, type Permission, permissionsOf, type Principal } from "./permissions.ts";
import type { SessionLog } from "./session-log.ts";

const nobody: Authentication = { by: "none", identity: "" };

/**
 * Whom a session speaks for and what it may do therefore. It is somebody of its own, from when that is proved until the
 * end, and a partner only for the message in hand: the next sender may be of another domain, or of none.
 */
export class Identity {
  /** What it may do at this moment. */
  permissions: ReadonlySet<Permission> = new Set();
  /** The Exchange server that has proved itself, by name. */
  exchangeServer: string | undefined;
  /** The addresses that somebody who logged on may send as. */
  ownAddresses: readonly SmtpAddress[] = [];
  readonly #connector: ReceiveConnector;
  readonly #log: SessionLog;
  #own: { principal: Principal; authentication: Authentication } = { principal: "anonymous", authentication: nobody };
  #partner: string | undefined;
  #lastPartner: Authentication | undefined;

  constructor(connector: ReceiveConnector, log: SessionLog) {
    this.#connector = connector;
    this.#log = log;
  }

  get principal(): Principal {
    return this.#partner === undefined ? this.#own.principal : "partner";
  }

  get authentication(): Authentication {
    return this.#partner === undefined ? this.#own.authentication : { by: "chain", identity: this.#partner };
  }

  /** The domain that has proved to be the sender's, for the message in hand. */
  get partner(): string | undefined {
    return this.#partner;
  }

  /** What the record of the session says: who it was, or the last partner that proved itself, where it was nobody. */
  get recorded(): Authentication {
    return this.#own.authentication.by === "none" ? (this.#lastPartner ?? nobody) : this.#own.authentication;
  }

  /** From now on the session is `principal`, with the rights that its connector grants it. */
  become(principal: Exclude<Principal, "partner">, authentication = nobody): void {
    this.#own = { principal, authentication };
    this.#setPermissions();
  }

  /** For the message in hand the session speaks for `domain`, and has a partner's rights in place of its own. */
  becomePartner(domain: string): void {
    this.#partner = domain;
    this.#lastPartner = this.authentication;
    this.#setPermissions();
  }

  /** The message is over: the session is what it was before it. */
  endPartner(): void {
    if (this.#partner === undefined) return;
    this.#partner = undefined;
    this.#setPermissions();
  }

  #setPermissions(): void {
    this.permissions = permissionsOf(this.principal, this.#connector);
    this.#log.row("*", formatPermissions(this.permissions), "Set Session Permissions");
  }
}
