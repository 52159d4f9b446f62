/** With what an entry is compared, as an address keeps it. */

export type Against =
  | { kind: "nothing" | "previous" | "all" }
  | { kind: "step"; step: number }
  /** Another run, by its short name. */
  | { kind: "run"; run: string };

export function readAgainst(text: string): Against {
  if (text === "previous" || text === "all") return { kind: text };
  const [, kind, rest] = /^(step|run)~(.+)$/.exec(text) ?? [];
  if (kind === "run") return { kind, run: rest };
  if (kind === "step" && Number.isFinite(Number(rest))) return { kind, step: Number(rest) };
  return { kind: "nothing" };
}

export function writeAgainst(against: Against): string {
  if (against.kind === "step") return `step~${against.step}`;
  if (against.kind === "run") return `run~${against.run}`;
  return against.kind === "nothing" ? "" : against.kind;
}
