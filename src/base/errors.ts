/**
 * A broken request: something a person typed, configured or asked for that cannot be done.
 * Refusals by protocol are outcomes, not errors; a broken invariant is a plain `Error`, and a bug.
 */
export class LabError extends Error {
  /** `AREA_CONDITION`; never reused for another condition. */
  readonly code: string;
  /** The next thing to type or change. */
  readonly remedy: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, about: LabErrorDetails) {
    super(message, about.cause === undefined ? {} : { cause: about.cause });
    this.name = "LabError";
    this.code = code;
    this.remedy = about.remedy;
    this.details = about.details ?? {};
  }
}

export interface LabErrorDetails {
  remedy: string;
  details?: Readonly<Record<string, unknown>>;
  cause?: unknown;
}

/** The words of whatever was thrown. */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

/** The system's name for an I/O failure (`ENOENT`), or undefined where there is none. */
export const systemCodeOf = (thrown: unknown): string | undefined =>
  thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" ? thrown.code : undefined;
