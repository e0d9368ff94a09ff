import {
  type ApplicationEvent,
  type Clock,
  type DecisionRecord,
  type HttpsReply,
  type HttpsRequest,
  type Journal,
  LabError,
  verifyPassword,
} from "../../base/index.ts";
import { type Certificate, readPresented } from "../../certificates/index.ts";
import {
  accountId,
  type Directory,
  type ExchangeServer,
  type LocalCopy,
  positionId,
  type ReplicationAccount,
  serverId,
  storedAs,
} from "../../directory/index.ts";
import { bootstrapUserName } from "../subscription/credentials.ts";
import { decideLogOn, isOver, judgeHub } from "../wire/log-on.ts";
import { readLogOn, readTryAccount } from "../wire/read-request.ts";
import { readJson, Unreadable } from "../wire/shape.ts";
import { type LogOnReply, type LogOnRequest, requestPaths } from "../wire/wire.ts";

interface EdgeDoorModules {
  server: { name: string };
  clock: Clock;
  journal: Journal<ApplicationEvent | DecisionRecord>;
  adam: Directory;
  organization: LocalCopy;
}

/** Who is on the other end of a connection. */
interface Session {
  /** FQDN of the Hub, and its host name where ADAM knows it. */
  hub: string;
  hubName: string | undefined;
  userName: string;
  /** What it presented in the handshake. */
  presented: Certificate | undefined;
}

const longestLogOn = 4096;
const longestRequest = 16 * 1024 ** 2;

/** Answers a request of a Hub that is logged on; undefined for one that is not known. Called in turn. */
export type Answer = (path: string, body: string, hub: string) => Promise<object | undefined>;

/** Does something when nothing else is being done to ADAM; undefined where there will be no such time any more. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T | undefined>;

/**
 * The door of an Edge server on 50636: a connection is worth nothing until the Hub at its other end has been judged by
 * direct trust and has logged on, and only as long as both hold. Source: [bb310755] direct trust, [bb266959] log-on.
 */
export class EdgeDoor {
  readonly #modules: EdgeDoorModules;
  readonly #inTurn: InTurn;
  readonly #answer: Answer;
  readonly #sessions = new WeakMap<object, Session>();

  constructor(modules: EdgeDoorModules, inTurn: InTurn, answer: Answer) {
    this.#modules = modules;
    this.#inTurn = inTurn;
    this.#answer = answer;
  }

  /** Bytes that are read of a request: of a stranger's no more than a log-on has. */
  longestBody({ path, connection }: Pick<HttpsRequest, "path" | "connection">): number {
    return path !== requestPaths.logOn && this.#sessions.has(connection) ? longestRequest : longestLogOn;
  }

  async handle(request: HttpsRequest): Promise<HttpsReply> {
    try {
      return await this.#handle(request);
    } catch (failure) {
      if (failure instanceof Unreadable) return reply(400, { why: failure.message });
      if (failure instanceof LabError) return reply(503, { why: failure.message }); // ADAM's store is away
      throw failure;
    }
  }

  async #handle(request: HttpsRequest): Promise<HttpsReply> {
    const { path, body, connection } = request;
    if (path === requestPaths.logOn) {
      const answer = await this.#logOn(request, readJson(body.toString(), readLogOn));
      return reply(answer.kind === "welcome" ? 200 : 401, answer);
    }
    const session = this.#sessions.get(connection);
    if (!session) return reply(401, refused("log-on"));
    const lost = await this.#whatWasLost(session);
    if (lost) {
      this.#sessions.delete(connection);
      return reply(401, refused(lost));
    }
    const text = body.toString();
    if (path === requestPaths.tryAccount) return reply(200, await this.#tryAccount(session, text));
    const answer = await this.#inTurn(() => this.#answer(path, text, session.hub));
    return answer ? reply(200, answer) : reply(404, {});
  }

  async #logOn(request: HttpsRequest, { hub, userName, password }: LogOnRequest): Promise<LogOnReply> {
    const { organization, server, clock } = this.#modules;
    const bootstrap = userName === bootstrapUserName(server.name);
    const hubName = organization.serverByFqdn(hub)?.name;
    const { account, known } = await this.#read(userName, hubName);
    const { presented } = readPresented(request.peerCertificate ? [request.peerCertificate] : []);
    const trust = judgeHub(presented, known, { hub, bootstrap, at: clock.now() });
    this.#decided("hub-certificate", hub, trust.outcome ? "trusted" : "untrusted", trust.steps);
    const right = await verifyPassword(password, account?.passwordVerifier);
    const decision = decideLogOn(account, right, { userName, hub }, clock.now());
    this.#decided("replication-logon", hub, decision.outcome ? "welcome" : "refused", decision.steps);
    // Whoever comes with an account that is not there is no server whose certificate was swapped.
    if (!trust.outcome && account) this.#event(10104, [hub]);
    if (!decision.outcome) return refused("log-on");
    // Only who knows the password is told that it is for the certificate.
    if (!trust.outcome) return refused("certificate");
    if (!bootstrap) await this.#inTurn(() => this.#endBootstrap());
    this.#sessions.set(request.connection, { hub, hubName, userName, presented });
    return { kind: "welcome" };
  }

  /**
   * The bootstrap account goes when it has served: an account of its Hub's own was used that came by a synchronization
   * under the subscription it was made for. An older account says nothing about a newer subscription. Source: [bb266959].
   */
  async #endBootstrap(): Promise<void> {
    const { adam, server } = this.#modules;
    const id = accountId(bootstrapUserName(server.name));
    const [bootstrap, stored, own] = await adam.readAll([id, positionId("Topology"), serverId(server.name)]);
    const position = stored && storedAs("edgeSyncPosition", stored);
    const subscription = own && storedAs("server", own)?.edge?.subscriptionEffectiveDate;
    if (bootstrap && position && position.subscription === subscription) await adam.write([{ id, remove: true }]);
  }

  /** Why a Hub that was let in is to log on again; undefined while it need not. */
  async #whatWasLost({ hub, hubName, userName, presented }: Session): Promise<"certificate" | "log-on" | undefined> {
    const { clock, server } = this.#modules;
    const at = clock.now();
    const { account, known } = await this.#read(userName, hubName);
    if (!account || isOver(account, at)) return "log-on";
    const bootstrap = userName === bootstrapUserName(server.name);
    return judgeHub(presented, known, { hub, bootstrap, at }).outcome ? undefined : "certificate";
  }

  /** Whether an account that is not effective yet will let its Hub in. Source: [ff360303], 2010 edition. */
  async #tryAccount({ hub }: Session, body: string): Promise<{ right: boolean }> {
    const { userName, password } = readJson(body, readTryAccount);
    const { account } = await this.#read(userName, undefined);
    const right = await verifyPassword(password, account?.passwordVerifier);
    return { right: right && account?.sourceServerFqdn?.toLowerCase() === hub.toLowerCase() };
  }

  /** From ADAM itself: a copy may be a moment behind. */
  async #read(
    userName: string,
    hubName: string | undefined,
  ): Promise<{ account: ReplicationAccount | undefined; known: ExchangeServer | undefined }> {
    const ids = [accountId(userName), ...(hubName === undefined ? [] : [serverId(hubName)])];
    const [account, known] = await this.#modules.adam.readAll(ids);
    return {
      account: account && storedAs("replicationAccount", account),
      known: known && storedAs("server", known),
    };
  }

  #event(id: number, parameters: readonly string[]): void {
    const { journal, server, clock } = this.#modules;
    journal.report({ kind: "event", server: server.name, at: clock.now(), id, parameters });
  }

  #decided(about: string, subject: string, outcome: string, steps: DecisionRecord["steps"]): void {
    const { journal, server, clock } = this.#modules;
    journal.report({ kind: "decision", server: server.name, at: clock.now(), about, subject, outcome, steps });
  }
}

const refused = (what: "certificate" | "log-on"): Extract<LogOnReply, { kind: "refused" }> => ({
  kind: "refused",
  what,
});

const reply = (status: number, value: object): HttpsReply => ({ status, body: JSON.stringify(value) });
