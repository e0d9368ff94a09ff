import { expect } from "chai";
import type { LoggedRow } from "../../../src/lab/index.ts";
import { findRows, matchInOrder } from "../../../src/scenario/logs.ts";

const row = (sessionId: string, sequence: number, event: string, data: string, context = ""): LoggedRow => ({
  at: "2008-05-12T10:00:00.000Z",
  connectorId: sessionId === "C" ? "Internet" : "Intra",
  sessionId,
  sequence,
  local: "",
  remote: "127.1.1.1:25",
  event,
  data,
  context,
});
const rows = [
  row("A", 0, ">", "EHLO a"),
  row("B", 0, ">", "EHLO b"),
  row("A", 1, "<", "220 ready, at last"),
  row("B", 1, ">", "STARTTLS"),
  row("A", 2, "*", "", "Received certificate"),
  row("C", 0, ">", "QUIT"),
];
const all = { connector: undefined, sessions: undefined };

describe("wanted log rows", () => {
  it("are found in order, others between them", () => {
    expect(
      findRows(rows, [">,EHLO a,", "*,,Received certificate"], all)?.map(({ sequence }) => sequence),
    ).to.deep.equal([0, 2]);
  });

  it("are not found out of order, nor across sessions", () => {
    expect(findRows(rows, ["*,,Received certificate", ">,EHLO a,"], all)).to.equal(undefined);
    expect(findRows(rows, [">,EHLO a,", ">,STARTTLS,"], all)).to.equal(undefined);
  });

  it("are compared field by field, commas in the data included", () => {
    expect(findRows(rows, ["<,220 ready, at last,"], all)).to.have.length(1);
    expect(findRows(rows, ["<,220 ready,"], all)).to.equal(undefined);
    expect(findRows(rows, [">,EHLO,"], all)).to.equal(undefined);
  });

  it("may leave open a field, or a part of one", () => {
    expect(findRows(rows, ["<any>,<any>,Received certificate"], all)).to.have.length(1);
    expect(findRows(rows, [">,EHLO <any>,"], all)?.[0]?.sessionId).to.equal("A");
    expect(findRows(rows, [">,E.*,"], all)).to.equal(undefined);
  });

  it("are looked for in the chosen sessions only", () => {
    expect(findRows(rows, [">,EHLO <any>,"], { ...all, sessions: ["B"] })?.[0]?.sessionId).to.equal("B");
    expect(findRows(rows, [">,QUIT,"], { ...all, connector: "Intra" })).to.equal(undefined);
  });

  it("that match in part are the beginning", () => {
    expect(matchInOrder(rows.slice(0, 1), [">,EHLO a,", ">,QUIT,"])).to.have.length(1);
  });
});
