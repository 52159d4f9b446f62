/** Names as a tree, cut at dots and slashes, and grown only where somebody looks: a hundred thousand cost nothing. */

export interface Leaf {
  /** What is cut into a path. */
  path: string;
  tag: string;
}

export interface Node {
  /** Of the part that it adds, or of several when there is nothing else below: `model.layers`. */
  label: string;
  /** From the root on, with the separator at its end unless it is a leaf. */
  path: string;
  depth: number;
  /** Every leaf below. */
  leaves: readonly Leaf[];
  /** It is one itself, with nothing below. */
  isLeaf: boolean;
}

export function rootOf(leaves: readonly Leaf[]): Node {
  return { label: "", path: "", depth: 0, leaves, isLeaf: false };
}

const grown = new WeakMap<Node, readonly Node[]>();

/** What is below a node, in natural order, folders and leaves as they come. */
export function childrenOf(node: Node): readonly Node[] {
  if (node.isLeaf) return [];
  let children = grown.get(node);
  if (!children) {
    children = grow(node);
    grown.set(node, children);
  }
  return children;
}

function grow(node: Node): Node[] {
  const parts = new Map<string, Leaf[]>();
  for (const leaf of node.leaves) {
    const part = leaf.path.slice(node.path.length, nextCut(leaf.path, node.path.length));
    const group = parts.get(part);
    if (group) group.push(leaf);
    else parts.set(part, [leaf]);
  }
  const found = [...parts].map(([part, leaves]) => shortened(node, node.path + part, leaves));
  const key = ({ label }: Node) => label.replace(/\d+/g, (n) => n.padStart(12, "0"));
  return found
    .map((one) => ({ one, key: key(one) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ one }) => one);
}

/** A chain of folders with one inside of the other is one line. */
function shortened(parent: Node, start: string, leaves: readonly Leaf[]): Node {
  let path = start;
  const first = leaves[0].path;
  while (path.length < first.length) {
    const longer = first.slice(0, nextCut(first, path.length));
    if (
      !leaves.every((leaf) => leaf.path.startsWith(longer) && cutsAt(leaf.path, path.length, longer.length))
    )
      break;
    path = longer;
  }
  const isLeaf = leaves.length === 1 && path === first;
  return { label: path.slice(parent.path.length), path, depth: parent.depth + 1, leaves, isLeaf };
}

const cutsAt = (path: string, from: number, to: number) => nextCut(path, from) === to;

/** Where the part that begins at `from` ends, its separator included. */
function nextCut(path: string, from: number): number {
  for (let i = from; i < path.length - 1; i++) if (path[i] === "." || path[i] === "/") return i + 1;
  return path.length;
}

/** The lines of the tree that are seen, with those nodes open whose paths `open` has. */
export function linesOf(root: Node, open: ReadonlySet<string>): Node[] {
  const lines: Node[] = [];
  const add = (node: Node) => {
    for (const child of childrenOf(node)) {
      lines.push(child);
      if (open.has(child.path)) add(child);
    }
  };
  add(root);
  return lines;
}

/** What is open at first: folders from the root down, as long as few lines are seen. */
export function beginning(root: Node, few: number): ReadonlySet<string> {
  const open = new Set<string>();
  let lines = childrenOf(root).length;
  let level = [...childrenOf(root)];
  while (level.length > 0 && lines < few) {
    const below: Node[] = [];
    for (const node of level) {
      if (node.isLeaf || lines >= few) continue;
      const children = childrenOf(node);
      if (lines + children.length > 4 * few) continue;
      open.add(node.path);
      lines += children.length;
      below.push(...children);
    }
    level = below;
  }
  return open;
}
