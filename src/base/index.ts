/**
 * Words that every folder needs; imports nothing of ours. errors, decisions and the journal say what happened and
 * why; the clock is lab time; units, ids and files are the small change. `database.ts`, `redis.ts` and
 * `https.ts` are the only doors to LMDB, Redis and HTTPS.
 */
export { LabError, type LabErrorDetails, messageOf, systemCodeOf } from "./errors.ts";
export type { Decision, RaisedEvent, Step } from "./decision.ts";
export { type ApplicationEvent, type DecisionRecord, EventJournal, type Journal } from "./journal.ts";
export { type Clock, type LabClock, heldClock, runningClock, skewedClock } from "./clock.ts";
export { formatBytes, formatTimeSpan, parseBytes, parseDuration } from "./units.ts";
export { newGuid, newMessageId, sessionIds } from "./ids.ts";
export {
  type AppendFile,
  makePrivateFolder,
  openAppendFile,
  removeFile,
  removeFolder,
  type WriteOptions,
  writeFileAtomically,
  writeFileAtOnce,
} from "./files.ts";
export { passwordVerifier, verifyPassword } from "./passwords.ts";
export { type PrivateRedis, startPrivateRedis } from "./private-redis.ts";
export { connectRedis, type LimitedLogin, type RedisConnection, type RedisReply } from "./redis.ts";
export { type Database, openDatabase, type Table } from "./database.ts";
export {
  connectHttps,
  type HttpsConnection,
  type HttpsReply,
  type HttpsRequest,
  type HttpsServer,
  startHttpsServer,
} from "./https.ts";
export { nearestOf } from "./nearest.ts";
