import type { Attributes } from "./directory.ts";

/** What lies under an object's id: the object, or since when it is gone. */
export interface Entry {
  kind: string;
  usn: number;
  attributes?: Attributes;
  removedAtMs?: number;
}

/** From its JSON. */
export const readEntry = (json: string): Entry => JSON.parse(json) as Entry;
