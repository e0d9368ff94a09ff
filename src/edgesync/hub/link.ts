import type { HttpsConnection } from "../../base/index.ts";
import type { EdgeSyncCredential, ExchangeServer } from "../../directory/index.ts";
import { isBootstrap } from "../subscription/credentials.ts";
import { publishedOf } from "../wire/log-on.ts";
import {
  readApplyReply,
  readLockReply,
  readLogOnReply,
  readObjectsReply,
  readRecipientReply,
  readReleased,
  readState,
  readSweepReply,
  readTouchReply,
  readTried,
} from "../wire/read-reply.ts";
import { type Read, readJson, Unreadable } from "../wire/shape.ts";
import {
  type ApplyReply,
  type Batch,
  type EdgeState,
  type LockReply,
  type ObjectsReply,
  type ObjectsRequest,
  type RecipientReply,
  type Release,
  requestPaths,
  type Sweep,
  type SweepReply,
  type Touch,
  type TouchReply,
} from "../wire/wire.ts";

/** A credential together with what it hides. */
export interface OpenedCredential {
  credential: EdgeSyncCredential;
  password: string;
}

/** The Edge server does not take this Hub for logged on any more. */
export class LoggedOff extends Error {
  readonly what: "certificate" | "log-on";

  constructor(what: "certificate" | "log-on") {
    super(`the Edge server does not take this Hub for logged on any more (${what})`);
    this.what = what;
  }
}

/** The Edge server could not do what it was asked, or its answer could not be read. */
export class EdgeFailed extends Error {}

/** A session with an Edge server, judged and logged on. Calls reject with `LoggedOff`, `EdgeFailed` or HTTPS_CONNECTION_LOST. */
export class Link {
  readonly #connection: HttpsConnection;
  readonly #open: Set<HttpsConnection>;
  /** What it is logged on with. */
  credential: EdgeSyncCredential;
  /** Thumbprint of the certificate that this Hub presented. */
  readonly presented: string;

  /** @param open where the connection is listed while it is open */
  constructor(
    connection: HttpsConnection,
    open: Set<HttpsConnection>,
    about: { credential: EdgeSyncCredential; presented: string },
  ) {
    this.#connection = connection;
    this.#open = open;
    this.credential = about.credential;
    this.presented = about.presented;
  }

  get alive(): boolean {
    return this.#connection.alive;
  }

  /** Whether it is by the bootstrap account that it is logged on. */
  get isFirst(): boolean {
    return isBootstrap(this.credential);
  }

  /** Whether the Edge server at the other end is still the one that the directory publishes. */
  isTo(edge: ExchangeServer): boolean {
    const published = publishedOf(edge);
    const { peerCertificate } = this.#connection;
    return published !== null && peerCertificate !== undefined && Buffer.compare(peerCertificate, published.der) === 0;
  }

  state = (): Promise<EdgeState> => this.#ask(requestPaths.state, {}, readState);
  lock = (manual: boolean): Promise<LockReply> => this.#ask(requestPaths.lock, { manual }, readLockReply);
  apply = (batch: Batch): Promise<ApplyReply> => this.#ask(requestPaths.apply, batch, readApplyReply);
  sweep = (sweep: Sweep): Promise<SweepReply> => this.#ask(requestPaths.sweep, sweep, readSweepReply);
  release = (release: Release): Promise<object> => this.#ask(requestPaths.release, release, readReleased);
  touch = (touch: Touch): Promise<TouchReply> => this.#ask(requestPaths.touch, touch, readTouchReply);
  objects = (request: ObjectsRequest): Promise<ObjectsReply> =>
    this.#ask(requestPaths.objects, request, readObjectsReply);
  recipient = (hash: string): Promise<RecipientReply> =>
    this.#ask(requestPaths.recipient, { hash }, readRecipientReply);

  /** Whether the Edge server knows an account that is not used yet. */
  async knows({ credential, password }: OpenedCredential): Promise<boolean> {
    const { userName } = credential;
    return (await this.#ask(requestPaths.tryAccount, { userName, password }, readTried)).right;
  }

  close(): void {
    this.#connection.close();
    this.#open.delete(this.#connection);
  }

  async #ask<T>(path: string, request: object, read: Read<T>): Promise<T> {
    const { status, body } = await this.#connection.post(path, JSON.stringify(request));
    if (status === 200) return readAnswer(body, read);
    this.close();
    if (status !== 401) throw new EdgeFailed(`the Edge server answered ${status}: ${body.slice(0, 500)}`);
    const refusal = readAnswer(body, readLogOnReply);
    throw new LoggedOff(refusal.kind === "refused" ? refusal.what : "log-on");
  }
}

/** What the Edge server answered; throws `EdgeFailed` where that has not the shape it must have. */
export function readAnswer<T>(body: string, read: Read<T>): T {
  try {
    return readJson(body, read);
  } catch (failure) {
    if (!(failure instanceof Unreadable)) throw failure;
    throw new EdgeFailed(`the Edge server's answer cannot be read: ${failure.message}`);
  }
}
