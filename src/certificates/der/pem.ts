/** `-----BEGIN …-----`, base64 in lines of 64, `-----END …-----`. */
export function formatPem(label: string, der: Uint8Array): string {
  const lines = Buffer.from(der)
    .toString("base64")
    .match(/.{1,64}/g);
  return `-----BEGIN ${label}-----\n${(lines ?? []).join("\n")}\n-----END ${label}-----\n`;
}

/** Every block of PEM in a text, in order; whatever stands between them is passed over. */
export const readPem = (text: string): readonly { label: string; der: Buffer }[] =>
  [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]*)-----END \1-----/g)].map(
    ([, label = "", body = ""]) => ({ label, der: Buffer.from(body.replaceAll(/\s/g, ""), "base64") }),
  );
