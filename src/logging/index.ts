/**
 * Witnesses: they listen to the journal and write down what the stages report; nothing depends on them. log-names,
 * log-catalogue and log-writer make csv-log, a log that rotates; protocol-log, event-log and journal-file are such logs,
 * facts keeps the same events in memory. read-log reads protocol logs back, anybody's, for people.
 */
export { collectFacts, type Facts } from "./facts.ts";
export { type ProtocolLogs, startProtocolLogs } from "./protocol-log.ts";
