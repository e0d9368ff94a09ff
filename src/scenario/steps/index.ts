/**
 * The kinds of step, one file each; `expect` has a folder with one file per expectation. define-step says what a kind
 * is, words has the schemas that several take. What they run against is the lab; how their results are shown is
 * report's affair.
 */
import { advance } from "./advance.ts";
import { carry } from "./carry.ts";
import type { StepKind } from "./define-step.ts";
import { dialog } from "./dialog.ts";
import { expect } from "./expect.ts";
import { fault, heal } from "./fault.ts";
import { issue } from "./issue.ts";
import { note } from "./note.ts";
import { remember } from "./remember.ts";
import { revoke } from "./revoke.ts";
import { send } from "./send.ts";
import { kill, start, stop } from "./servers.ts";
import { shell } from "./shell.ts";
import { trust } from "./trust.ts";

export const stepKinds: readonly StepKind[] = [
  send,
  shell,
  expect,
  dialog,
  note,
  remember,
  advance,
  fault,
  heal,
  stop,
  kill,
  start,
  carry,
  issue,
  trust,
  revoke,
];
