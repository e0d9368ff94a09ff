/**
 * The command line: program says what commands and options there are, one file per command what each does. io is what
 * they may touch of the world outside. Composition of lab, shell and scenario happens here and nowhere else.
 */
export type { Io } from "./io.ts";
export { main } from "./program.ts";
