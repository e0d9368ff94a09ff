import { expect } from "chai";
import type { Certificate } from "../../../src/certificates/index.ts";
import { certificateView } from "../../../src/lab/answers/certificate-view.ts";
import { makeCertificate } from "../certificates/make.ts";

const at = new Date("2008-06-01T00:00:00Z");
const authority = { commonName: "Contoso CA", names: [], authority: true };

describe("certificateView", () => {
  it("says whose root it is while that root is trusted, and never beside Untrusted", async () => {
    const [root, namesake] = await Promise.all([makeCertificate(authority), makeCertificate(authority)]);
    const { certificate } = await makeCertificate({}, root);
    const shown = (...roots: readonly Certificate[]): unknown[] => {
      const issued = { ...certificate, rootCaType: "Enterprise" as const };
      const { rootCaType, status } = certificateView(issued, { at, trust: { roots }, published: null });
      return [rootCaType, status];
    };
    expect(shown(root.certificate)).to.deep.equal(["Enterprise", "Valid"]);
    expect(shown(namesake.certificate)).to.deep.equal(["Unknown", "Untrusted"]);
    expect(shown()).to.deep.equal(["Unknown", "Untrusted"]);
  });

  it("says of one that signs itself who made it, which is trusted by nobody", async () => {
    const { certificate } = await makeCertificate({});
    const own = { ...certificate, rootCaType: "Registry" as const };
    expect(certificateView(own, { at, trust: { roots: [] }, published: null }).rootCaType).to.equal("Registry");
  });
});
