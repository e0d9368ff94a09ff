import { describeDirectory } from "../directory/conformance.ts";
import { MemoryStore } from "./memory-directory.ts";

describeDirectory("memory, as EdgeSync's tests have it,", async (now) => {
  const store = new MemoryStore(now);
  return {
    directory: store.open(),
    another: () => Promise.resolve(store.open()),
    reopen: () => Promise.resolve(store.open()),
    close: () => Promise.resolve(),
  };
});
