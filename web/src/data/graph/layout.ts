/** Where everything of a graph lies: open modules around what is in them, closed ones and operations as boxes. */

import { Graph as Dagre, layout as dagreLayout } from "@dagrejs/dagre";
import type { Module, Operation } from "./model";

export interface Placed {
  item: Module | Operation;
  /** Of its centre, and its size. */
  x: number;
  y: number;
  width: number;
  height: number;
  /** A module whose children are placed, too. */
  open: boolean;
  depth: number;
}

export interface Edge {
  from: string;
  to: string;
  /** Two numbers a point: x, y. */
  points: number[];
  /** How many inputs it stands for. */
  count: number;
  control: boolean;
}

export interface Layout {
  placed: Placed[];
  edges: Edge[];
  width: number;
  height: number;
}

const HEAD = 26;
const PAD = 14;
const BOX = 28;
const SMALL = 20;
/** Beyond so many boxes in one module, and in all, the careful layout takes too long; rows by depth serve. */
const MOST_CAREFUL = 100;
const MOST_CAREFUL_IN_ALL = 500;
const ROW_GAP = 26;
const COLUMN_GAP = 18;

/** `isOpen`: of modules. The outermost is open, and is not drawn itself. */
export function layoutOf(
  root: Module,
  isOpen: (module: Module) => boolean,
  widthOf: (text: string) => number,
): Layout {
  return placeChildren(root, { isOpen, widthOf, careful: MOST_CAREFUL_IN_ALL }, 0);
}

interface Plan {
  isOpen(module: Module): boolean;
  widthOf(text: string): number;
  /** Boxes that may still be laid out carefully. */
  careful: number;
}

function placeChildren(module: Module, plan: Plan, depth: number): Layout {
  const { isOpen, widthOf } = plan;
  const insides = new Map<string, Layout>();
  const boxes = module.children.map((item) => {
    if (item.kind === "module" && isOpen(item)) {
      const inside = placeChildren(item, plan, depth + 1);
      insides.set(item.id, inside);
      const width = Math.max(inside.width + 2 * PAD, widthOf(item.label) + 2 * PAD + 20);
      return { item, width, height: inside.height + HEAD + PAD };
    }
    const padding = item.kind === "module" ? 44 : 20;
    return { item, width: widthOf(item.label) + padding, height: item.kind === "module" ? BOX : SMALL };
  });
  const links = linksWithin(module);
  const isCareful = boxes.length <= Math.min(MOST_CAREFUL, plan.careful);
  if (isCareful) plan.careful -= boxes.length;
  const places = isCareful ? carefully(boxes, links) : inRows(boxes, links);
  const layout: Layout = { placed: [], edges: places.edges, width: places.width, height: places.height };
  for (const [i, box] of boxes.entries()) {
    const { x, y } = places.at[i];
    const inside = insides.get(box.item.id);
    layout.placed.push({ ...box, x, y, depth, open: inside !== undefined });
    if (!inside) continue;
    const dx = x - inside.width / 2;
    const dy = y - box.height / 2 + HEAD;
    for (const one of inside.placed) layout.placed.push({ ...one, x: one.x + dx, y: one.y + dy });
    for (const edge of inside.edges)
      layout.edges.push({ ...edge, points: edge.points.map((at, k) => at + (k % 2 === 0 ? dx : dy)) });
  }
  return layout;
}

interface Box {
  item: Module | Operation;
  width: number;
  height: number;
}

export interface Link {
  from: string;
  to: string;
  count: number;
  control: boolean;
}

/** Edges between the direct children of a module: what flows between operations, however deep they lie. */
export function linksWithin(module: Module): Link[] {
  const found = new Map<string, Link>();
  const visit = (item: Module | Operation, child: Module | Operation) => {
    if (item.kind === "module") {
      for (const one of item.children) visit(one, child);
      return;
    }
    for (const input of item.inputs) {
      const from = childHolding(module, input.from);
      if (!from || from === child) continue;
      const key = `${from.id}\n${child.id}`;
      const link = found.get(key) ?? { from: from.id, to: child.id, count: 0, control: true };
      found.set(key, { ...link, count: link.count + 1, control: link.control && input.control });
    }
  };
  for (const child of module.children) visit(child, child);
  return [...found.values()];
}

/** The direct child of `module` in which `operation` lies, or that it is. */
function childHolding(module: Module, operation: Operation): Module | Operation | null {
  let item: Module | Operation = operation;
  while (item.parent !== module) {
    if (!item.parent) return null;
    item = item.parent;
  }
  return item;
}

interface Places {
  at: { x: number; y: number }[];
  edges: Edge[];
  width: number;
  height: number;
}

/** Gansner et al., "A Technique for Drawing Directed Graphs" (1993), as dagre has it. */
function carefully(boxes: readonly Box[], links: readonly Link[]): Places {
  const graph = new Dagre({ multigraph: false });
  graph.setGraph({ rankdir: "TB", nodesep: COLUMN_GAP, ranksep: ROW_GAP, marginx: 4, marginy: 4 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { item, width, height } of boxes) graph.setNode(`n${item.id}`, { width, height });
  for (const { from, to } of links) graph.setEdge(`n${from}`, `n${to}`, {});
  dagreLayout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  const edges = links.map((link) => {
    const { points = [] } = graph.edge(`n${link.from}`, `n${link.to}`) as {
      points?: { x: number; y: number }[];
    };
    return { ...link, points: points.flatMap(({ x, y }) => [x, y]) };
  });
  const at = boxes.map(({ item }) => {
    const { x = 0, y = 0 } = graph.node(`n${item.id}`) as { x?: number; y?: number };
    return { x, y };
  });
  return { at, edges, width: Math.max(0, finite(width)), height: Math.max(0, finite(height)) };
}

const finite = (value: number) => (Number.isFinite(value) ? value : 0);

/** Each in the row after the last of its inputs, in the order of where those lie; rows of many are broken. */
function inRows(boxes: readonly Box[], links: readonly Link[]): Places {
  const index = new Map(boxes.map(({ item }, i) => [item.id, i]));
  const ranks = ranksOf(
    boxes.length,
    links.map(({ from, to }) => [index.get(from) as number, index.get(to) as number]),
  );
  const byRank = new Map<number, number[]>();
  for (const [i, rank] of ranks.entries()) byRank.set(rank, [...(byRank.get(rank) ?? []), i]);
  const widest = Math.sqrt(boxes.length) * 160;
  const at = boxes.map(() => ({ x: 0, y: 0 }));
  let y = 0;
  let right = 0;
  for (const rank of [...byRank.keys()].sort((a, b) => a - b)) {
    let x = 0;
    let tallest = 0;
    for (const i of byRank.get(rank) ?? []) {
      const { width, height } = boxes[i];
      if (x > 0 && x + width > widest) {
        y += tallest + 8;
        [x, tallest] = [0, 0];
      }
      at[i] = { x: x + width / 2, y: y + height / 2 };
      x += width + COLUMN_GAP;
      tallest = Math.max(tallest, height);
      right = Math.max(right, x - COLUMN_GAP);
    }
    y += tallest + ROW_GAP;
  }
  const edges = links.map((link) => {
    const [a, b] = [index.get(link.from) as number, index.get(link.to) as number];
    return {
      ...link,
      points: [at[a].x, at[a].y + boxes[a].height / 2, at[b].x, at[b].y - boxes[b].height / 2],
    };
  });
  return { at, edges, width: right, height: Math.max(0, y - ROW_GAP) };
}

/** The longest way from a node without inputs; what closes a circle counts for nothing. */
export function ranksOf(nodes: number, links: readonly (readonly [number, number])[]): number[] {
  const outputs: number[][] = Array.from({ length: nodes }, () => []);
  const waiting = new Array<number>(nodes).fill(0);
  for (const [from, to] of links) {
    outputs[from].push(to);
    waiting[to]++;
  }
  const ranks = new Array<number>(nodes).fill(0);
  const seen = new Array<boolean>(nodes).fill(false);
  const ready = waiting.flatMap((count, i) => (count === 0 ? [i] : []));
  let next = 0;
  for (let done = 0; done < nodes; done++) {
    if (ready.length === 0) {
      while (seen[next]) next++;
      ready.push(next);
    }
    const at = ready.pop() as number;
    if (seen[at]) {
      done--;
      continue;
    }
    seen[at] = true;
    for (const to of outputs[at]) {
      if (seen[to]) continue;
      ranks[to] = Math.max(ranks[to], ranks[at] + 1);
      if (--waiting[to] === 0) ready.push(to);
    }
  }
  return ranks;
}
