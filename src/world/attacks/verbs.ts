const verbs = "STARTTLS|X-ANONYMOUSTLS";
const command = new RegExp(`^(?:${verbs})\\r?\\n$`, "i");
const keyword = new RegExp(`^250[- ](?:${verbs})\\s*$`, "i");

/** Whether a write of a client is a command that begins TLS, and nothing else: SMTP's lock-step makes one write of it. */
export const beginsTls = (octets: Buffer): boolean => octets.length < 32 && command.test(octets.toString("latin1"));

/** An EHLO reply without the keywords that offer TLS; still a reply, however many lines are left. */
export function withoutTls(reply: readonly string[]): string[] {
  if (reply.length === 1) return [...reply];
  const kept = reply.filter((line) => !keyword.test(line));
  return kept.map((line, index) => `${line.slice(0, 3)}${index === kept.length - 1 ? " " : "-"}${line.slice(4)}`);
}

/** Puts the replies of a server together from whatever pieces they come in; each is given with its lines. */
export function replyReader(take: (lines: readonly string[]) => void): (octets: Buffer) => void {
  let rest = "";
  let lines: string[] = [];
  return (octets) => {
    const [...complete] = (rest + octets.toString("latin1")).split("\n");
    rest = complete.pop() ?? "";
    for (const line of complete) {
      lines.push(line.replace(/\r$/, ""));
      if (/^\d{3}-/.test(line)) continue;
      take(lines);
      lines = [];
    }
  };
}
