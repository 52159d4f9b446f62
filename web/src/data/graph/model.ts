/** A graph of operations as modules within modules: "encoder/layer.0/attn/matmul" lies in three. */

/** A node as `api/entry` gives it. */
export interface RawNode {
  name: string;
  op: string;
  inputs: string[];
  device: string;
  attributes: Record<string, unknown>;
}

export type Shape = readonly number[] | null;

export interface Item {
  /** The whole path; unique. */
  id: string;
  /** Its last part. */
  label: string;
  parent: Module | null;
}

export interface Operation extends Item {
  kind: "operation";
  op: string;
  device: string;
  attributes: Readonly<Record<string, unknown>>;
  /** Of each output; a size of −1 is unknown. */
  shapes: readonly Shape[];
  /** Numbers that it holds, when it is a parameter or variable whose shape is known. */
  parameters: number;
  inputs: readonly Input[];
}

export interface Input {
  from: Operation;
  /** Of the other's outputs. */
  output: number;
  /** It must have run before, and gives nothing. */
  control: boolean;
}

export interface Module extends Item {
  kind: "module";
  children: (Module | Operation)[];
  /** Operations within, however deep. */
  operations: number;
  parameters: number;
}

export interface Graph {
  root: Module;
  byId: ReadonlyMap<string, Module | Operation>;
  operations: readonly Operation[];
  /** Inputs that name no node. */
  missing: number;
}

/** Operations that hold what is trained. */
const HOLDERS = /^(prim::GetAttr|prim::Param|VariableV?2?|VarHandleOp|Parameter|initializer)$/i;

export function graphOf(nodes: readonly RawNode[]): Graph {
  const root: Module = {
    kind: "module",
    id: "",
    label: "",
    parent: null,
    children: [],
    operations: 0,
    parameters: 0,
  };
  const byId = new Map<string, Module | Operation>([["", root]]);
  const prefixes = new Set(nodes.flatMap(({ name }) => ancestorsOf(name)));
  const operations = nodes.map((node) => {
    // An operation that others lie within is their module's own: TensorFlow names "dense" and "dense/bias".
    const id = prefixes.has(node.name) ? `${node.name}/(${lastOf(node.name)})` : node.name;
    const parent = moduleAt(byId, parentOf(id));
    const made = operationOf(node, id, parent);
    parent.children.push(made);
    byId.set(id, made);
    return made;
  });
  const byName = new Map(nodes.map(({ name }, i) => [name, operations[i]]));
  let missing = 0;
  for (const [i, node] of nodes.entries()) {
    const inputs = node.inputs.map((text) => inputOf(text, byName));
    missing += inputs.filter((input) => input === null).length;
    operations[i].inputs = inputs.filter((input) => input !== null);
  }
  count(operations);
  return { root, byId, operations, missing };
}

const parentOf = (id: string) => id.slice(0, Math.max(0, id.lastIndexOf("/")));
const lastOf = (id: string) => id.slice(id.lastIndexOf("/") + 1);

function ancestorsOf(id: string): string[] {
  const found: string[] = [];
  for (let at = id.indexOf("/"); at >= 0; at = id.indexOf("/", at + 1)) found.push(id.slice(0, at));
  return found;
}

function moduleAt(byId: Map<string, Module | Operation>, id: string): Module {
  const known = byId.get(id);
  if (known?.kind === "module") return known;
  const parent = moduleAt(byId, parentOf(id));
  const made: Module = {
    kind: "module",
    id,
    label: lastOf(id),
    parent,
    children: [],
    operations: 0,
    parameters: 0,
  };
  parent.children.push(made);
  byId.set(id, made);
  return made;
}

function operationOf(node: RawNode, id: string, parent: Module): Mutable<Operation> {
  const shapes = shapesOf(node.attributes);
  return {
    kind: "operation",
    id,
    label: lastOf(id),
    parent,
    op: node.op,
    device: node.device,
    attributes: node.attributes,
    shapes,
    parameters: HOLDERS.test(node.op) ? sizeOf(node.attributes, shapes) : 0,
    inputs: [],
  };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function shapesOf(attributes: Record<string, unknown>): Shape[] {
  const told = attributes._output_shapes;
  return Array.isArray(told) ? told.map((shape) => (isShape(shape) ? shape : null)) : [];
}

const isShape = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((size) => typeof size === "number");

/** 0 where nothing, or an unknown size, tells it. */
function sizeOf(attributes: Record<string, unknown>, shapes: readonly Shape[]): number {
  const shape = isShape(attributes.shape) ? attributes.shape : shapes[0];
  if (!shape || shape.some((size) => size < 0)) return 0;
  return shape.reduce((product, size) => product * size, 1);
}

/** "name", "name:1" and "^name". */
function inputOf(text: string, byName: ReadonlyMap<string, Operation>): Input | null {
  const control = text.startsWith("^");
  const name = control ? text.slice(1) : text;
  const whole = byName.get(name);
  if (whole) return { from: whole, output: 0, control };
  const colon = name.lastIndexOf(":");
  const from = colon > 0 ? byName.get(name.slice(0, colon)) : undefined;
  return from ? { from, output: Number(name.slice(colon + 1)) || 0, control } : null;
}

function count(operations: readonly Operation[]): void {
  for (const operation of operations) {
    for (let module = operation.parent; module; module = module.parent) {
      module.operations++;
      module.parameters += operation.parameters;
    }
  }
}

/** The modules that `item` lies in, from the outermost. */
export function modulesOf(item: Item): Module[] {
  const found: Module[] = [];
  for (let module = item.parent; module?.parent; module = module.parent) found.unshift(module);
  return found;
}

/** "32×128×768", with ? for an unknown size; "" for an unknown rank. */
export function shapeText(shape: Shape): string {
  if (shape === null) return "";
  return shape.length === 0 ? "1" : shape.map((size) => (size < 0 ? "?" : size)).join("×");
}

/** The modules that are open at first: from the outermost inwards, while no more than `most` boxes are seen. */
export function openAtFirst(root: Module, most = 30): Set<string> {
  const open = new Set<string>();
  let seen = root.children.length;
  const next = root.children.filter((item) => item.kind === "module");
  for (let module = next.shift(); module; module = next.shift()) {
    if (seen + module.children.length > most) continue;
    seen += module.children.length;
    open.add(module.id);
    next.push(...module.children.filter((item) => item.kind === "module"));
  }
  return open;
}
