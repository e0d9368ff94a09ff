import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of its own for each test of the suite that calls this; removed after it. */
export function temporaryFolder(): { path: string; names(under?: string): string[]; read(name: string): string } {
  const folder = {
    path: "",
    /** The names of the files, sorted. */
    names: (under = "."): string[] => readdirSync(join(folder.path, under)).sort(),
    read: (name: string): string => readFileSync(join(folder.path, name), "utf8"),
  };
  beforeEach(() => {
    folder.path = mkdtempSync(join(tmpdir(), "hubedge-logging-"));
  });
  afterEach(() => rmSync(folder.path, { recursive: true, force: true }));
  return folder;
}
