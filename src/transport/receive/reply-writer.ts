import type { ReceiveConnector } from "../../directory/index.ts";
import { replyTexts } from "../../smtp/index.ts";
import type { Answer } from "./answer.ts";
import type { SessionLog } from "./session-log.ts";

/** Collects the lines of replies until it is time for them to leave, all in one write; their rows are written then. */
export class ReplyWriter {
  readonly #connector: ReceiveConnector;
  readonly #log: SessionLog;
  readonly #write: (text: string) => void;
  #text = "";
  #shown: string[] = [];

  constructor(connector: ReceiveConnector, log: SessionLog, write: (text: string) => void) {
    this.#connector = connector;
    this.#log = log;
    this.#write = write;
  }

  add(answer: Answer): void {
    const texts = this.#connector.enhancedStatusCodesEnabled ? replyTexts(answer) : answer.lines;
    for (let index = 0; index < texts.length; index++) {
      const code = `${answer.code}${index < texts.length - 1 ? "-" : " "}`;
      // What a client sent may come back in a reply, and must not end its line there.
      const line = code + (texts[index] as string).replace(/[\x00-\x1f\x7f]/g, " ");
      this.#text += `${line}\r\n`;
      if (this.#log.verbose) this.#shown.push(answer.secret ? `${code}<authentication response>` : line);
    }
    // Without PIPELINING every reply goes out before the next command is looked at.
    if (!this.#connector.pipeliningEnabled) this.flush();
  }

  flush(): void {
    if (this.#text === "") return;
    const text = this.#text;
    this.#text = "";
    for (const shown of this.#shown) this.#log.row(">", shown);
    this.#shown.length = 0;
    this.#write(text);
  }
}
