import type { SecureString } from "./secure-string.ts";

/** Editions after Exchange 2007 whose cmdlets or parameters are offered all the same. */
export type Edition = "2010";

/** How well a cmdlet or parameter is known, where it is not documented: concluded from something, or the simulator's own. */
export type Basis = "inferred" | "ours";

/** What every parameter of a cmdlet declares. */
interface Declared {
  /** Its place among the values written without a name, from 0. */
  position?: number;
  mandatory?: boolean;
  /** What an object of the pipeline gives it: itself, its property of the parameter's name, or the first of these that fits. */
  fromPipeline?: "value" | "propertyName" | "both";
  help: string;
  /** What holds where it is not written, in words. */
  default?: string;
  /** Where it is not of Exchange 2007: the edition it came with. */
  edition?: Edition;
  /** Default: documented. */
  basis?: Basis;
  /** The setting it changes, under the name that the settings' own type has for it. */
  field?: string;
}

/** The smallest and the largest value that is taken, in the unit of the setting (bytes, milliseconds, or none). */
interface Range {
  min?: number;
  max?: number;
}

/** A parameter's declaration: `type` says how text becomes its value. */
export type ParameterSpec = Declared &
  /** `length`: the least and the most characters. */
  (
    | { type: "string"; nullable?: boolean; length?: readonly [number, number] }
    /** One that is nullable takes `$null` for no values at all. */
    | { type: "stringList"; nullable?: boolean }
    | { type: "switch" }
    | { type: "boolean" }
    | ({ type: "integer" } & Range)
    | ({ type: "byteSize" } & Range)
    | ({ type: "duration" } & Range)
    | { type: "enum"; values: readonly string[] }
    | { type: "enumList"; values: readonly string[] }
    | { type: "dateTime" }
    | { type: "secureString" }
    /** Any object of the pipeline or of a variable. */
    | { type: "object" }
    /** For the shell's own commands: anything at all; `{ … }`; names of properties, blocks, and hash tables that name a block. */
    | { type: "any" | "scriptBlock" | "propertyList" }
  );

export type ParameterSpecs = Readonly<Record<string, ParameterSpec>>;

/** What a cmdlet is given for a parameter: byte sizes in bytes, durations in milliseconds. */
export type ValueOf<S extends ParameterSpec> = S extends { type: "switch" | "boolean" }
  ? boolean
  : S extends { type: "integer" | "byteSize" | "duration" }
    ? number
    : S extends { type: "stringList" }
      ? readonly string[]
      : S extends { type: "enum"; values: readonly (infer V)[] }
        ? V
        : S extends { type: "enumList"; values: readonly (infer V)[] }
          ? readonly V[]
          : S extends { type: "string"; nullable: true }
            ? string | null
            : S extends { type: "dateTime" }
              ? Date
              : S extends { type: "secureString" }
                ? SecureString
                : S extends { type: "object" | "scriptBlock" }
                  ? object
                  : S extends { type: "any" }
                    ? unknown
                    : S extends { type: "propertyList" }
                      ? readonly unknown[]
                      : string;

/** Any value a parameter can have. */
export type ParameterValue = string | number | boolean | null | readonly string[] | object;

type MandatoryNames<P extends ParameterSpecs> = {
  [K in keyof P]: P[K] extends { mandatory: true } ? K : never;
}[keyof P];

/** The parameters as `run` sees them: a mandatory one is there, any other only where it was written. */
export type Given<P extends ParameterSpecs> = { readonly [K in MandatoryNames<P>]: ValueOf<P[K]> } & {
  readonly [K in Exclude<keyof P, MandatoryNames<P>>]?: ValueOf<P[K]>;
};
