/** Which names regular expressions fit, from the beginning on, as TensorBoard has it. */

export type Fitting = [pattern: string, names: string[]][];

export function fits(patterns: readonly string[], names: readonly string[]): Fitting {
  return patterns.map((pattern) => {
    const compiled = compile(pattern);
    return [pattern, names.filter((name) => (compiled ? compiled.test(name) : name === pattern))];
  });
}

/** Null of what is no regular expression here: it is then taken for a name. */
function compile(pattern: string): RegExp | null {
  try {
    return new RegExp(`^(?:${pattern})`);
  } catch {
    return null;
  }
}
