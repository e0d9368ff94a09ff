import type { Certificate } from "../certificate.ts";
import type { PathProblem } from "./path-rules.ts";
import { askRevocation, type RevocationLists } from "./revocation.ts";

/** What the next one up has published about the element at `index`. Source: [bb851505], item 4: certificate and chain. */
export function revocationProblems(
  elements: readonly Certificate[],
  index: number,
  lists: RevocationLists | undefined,
  at: Date,
): readonly PathProblem[] {
  const [element, issuer] = elements.slice(index);
  if (!element || !issuer) return [];
  const answer = askRevocation(element, issuer, lists, at);
  const subject = index === 0 ? "" : `relies on ${element.subject}, which `;
  switch (answer.kind) {
    case "good":
      return [];
    case "revoked":
      return [
        {
          finding: "revoked",
          ofAuthority: index > 0,
          text: `${subject}was revoked by ${issuer.subject} at ${answer.at.toISOString()}`,
        },
      ];
    case "unknown":
      return [
        {
          finding: "revocationUnknown",
          ofAuthority: index > 0,
          text: `${subject}may have been revoked: ${answer.why}`,
        },
      ];
  }
}
