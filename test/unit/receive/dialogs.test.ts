import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readDialog, runDialog } from "./dialog.ts";
import { makePresentations, type Presentations } from "./fake-server.ts";

describe("a Receive connector, in dialogs", () => {
  const folder = fileURLToPath(new URL("dialogs", import.meta.url));
  let presentations: Presentations;
  before(async () => {
    presentations = await makePresentations();
  });

  for (const file of readdirSync(folder).filter((name) => name.endsWith(".dialog"))) {
    const dialog = readDialog(`${folder}/${file}`);
    it(`${dialog.about} (${file})`, () => runDialog(dialog, presentations));
  }
});
