/** How numbers are laid along an axis. */

export type Scale = "linear" | "log" | "symlog";

/** `linear`: half the width of symlog's straight part, in the values' own unit. */
export interface Mapping {
  kind: Scale;
  linear: number;
}

export const LINEAR: Mapping = { kind: "linear", linear: 1 };
export const LOG: Mapping = { kind: "log", linear: 1 };

/** Where `value` lies: itself, its logarithm to base 10, or symlog's; not finite where the axis cannot show it. */
export function placed({ kind, linear }: Mapping, value: number): number {
  if (kind === "linear") return value;
  if (kind === "log") return Math.log10(value);
  const size = Math.abs(value);
  return size <= linear ? value / linear : Math.sign(value) * (1 + Math.log10(size / linear));
}

/** What lies there. */
export function valueAt({ kind, linear }: Mapping, place: number): number {
  if (kind === "linear") return place;
  if (kind === "log") return 10 ** place;
  const size = Math.abs(place);
  return size <= 1 ? place * linear : Math.sign(place) * linear * 10 ** (size - 1);
}
