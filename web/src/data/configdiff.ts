/** What several runs say under the same names: configurations, packages, machines. Pure. */

export type Said = unknown;

export interface Row {
  name: string;
  /** One a run, undefined where it says nothing. */
  values: readonly Said[];
  differs: boolean;
}

/** A row for each name that any of them has, in the order in which they come. */
export function rowsOf(all: readonly (Readonly<Record<string, Said>> | null | undefined)[]): Row[] {
  const names = new Set<string>();
  for (const one of all) for (const name of Object.keys(one ?? {})) names.add(name);
  return [...names].map((name) => {
    const values = all.map((one) => (one && Object.hasOwn(one, name) ? one[name] : undefined));
    return { name, values, differs: values.some((value) => !isSame(value, values[0])) };
  });
}

function isSame(a: Said, b: Said): boolean {
  return a === b || (typeof a === "object" && JSON.stringify(a) === JSON.stringify(b));
}

/** As it would be typed: texts bare, everything else as JSON. */
export function shown(value: Said): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

/** How a number differs from the baseline's; null where one is none or both are the same. */
export function delta(value: Said, base: Said): { by: number; times: number | null } | null {
  if (typeof value !== "number" || typeof base !== "number" || value === base) return null;
  const times = base !== 0 && Math.sign(value) === Math.sign(base) ? value / base : null;
  return { by: value - base, times };
}

export interface Branch {
  name: string;
  /** With dots, from the root. */
  path: string;
  /** Of a leaf. */
  value?: Said;
  branches: Branch[] | null;
}

/** Dotted keys as a tree. A key that is a leaf and a branch is both. */
export function treeOf(config: Readonly<Record<string, Said>>): Branch[] {
  const root: Branch[] = [];
  const known = new Map<string, Branch>();
  for (const [key, value] of Object.entries(config)) {
    const above = key.lastIndexOf(".");
    const siblings = above > 0 ? inside(key.slice(0, above), root, known) : root;
    siblings.push({ name: key.slice(above + 1) || key, path: key, value, branches: null });
  }
  return root;
}

function inside(path: string, root: Branch[], known: Map<string, Branch>): Branch[] {
  const there = known.get(path);
  if (there?.branches) return there.branches;
  const above = path.lastIndexOf(".");
  const siblings = above > 0 ? inside(path.slice(0, above), root, known) : root;
  const branches: Branch[] = [];
  const made = { name: path.slice(above + 1) || path, path, branches };
  siblings.push(made);
  known.set(path, made);
  return branches;
}

/** Dotted keys as nested objects; where a key is a leaf and a branch, the leaf keeps its dots. */
export function nested(config: Readonly<Record<string, Said>>): Record<string, unknown> {
  const build = (branches: readonly Branch[]): Record<string, unknown> => {
    const found: [string, unknown][] = [];
    const names = new Set(branches.filter((one) => one.branches).map((one) => one.name));
    for (const one of branches) {
      if (one.branches) found.push([one.name, build(one.branches)]);
      else found.push([names.has(one.name) ? `${one.name}.` : one.name, unfolded(one.value)]);
    }
    return Object.fromEntries(found);
  };
  return build(treeOf(config));
}

/** Lists stand in a configuration as JSON. */
function unfolded(value: Said): unknown {
  if (typeof value !== "string" || !/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** YAML of plain data, every text quoted that could be read as something else. */
export function yaml(value: unknown, depth = 0): string {
  const pad = "  ".repeat(depth);
  if (Array.isArray(value) && value.length > 0)
    return value.map((item) => `${pad}-${nestedYaml(item, depth)}`).join("\n");
  if (isMap(value) && Object.keys(value).length > 0)
    return Object.entries(value)
      .map(([key, item]) => `${pad}${scalarYaml(key)}:${nestedYaml(item, depth)}`)
      .join("\n");
  return pad + scalarYaml(value);
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function nestedYaml(value: unknown, depth: number): string {
  const isNested =
    (Array.isArray(value) && value.length > 0) || (isMap(value) && Object.keys(value).length > 0);
  return isNested ? `\n${yaml(value, depth + 1)}` : ` ${scalarYaml(value)}`;
}

function scalarYaml(value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value ?? null);
  const bare =
    /^[A-Za-z_][\w./ -]*$/.test(value) && !/^(?:true|false|yes|no|on|off|null|nan|y|n)$/i.test(value);
  return bare && value.trim() === value ? value : JSON.stringify(value);
}
