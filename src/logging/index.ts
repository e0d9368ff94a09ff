/**
 * Witnesses: they listen to the journal and write down what the stages report; nothing depends on them. log-names,
 * log-catalogue and log-writer make csv-log, a log that rotates; protocol-log, event-log (with application-events) and
 * journal-file (with journal-record) are such logs, facts keeps the same events in memory. read-log (with
 * read-journal) reads protocol logs back, anybody's, into sessions, and format-sessions shows them to people.
 */
export { describeEvent } from "./application-events.ts";
export { type EventLog, type LoggedEvent, startEventLog } from "./event-log.ts";
export { collectFacts } from "./facts.ts";
export { formatSessions } from "./format-sessions.ts";
export { startJournalFile } from "./journal-file.ts";
export { type ProtocolLogs, startProtocolLogs } from "./protocol-log.ts";
export { readSessions } from "./read-log.ts";
