import { describe, expect, it } from "vitest";
import { layoutOf, linksWithin, ranksOf } from "./layout";
import { graphOf, modulesOf, openAtFirst, type RawNode, shapeText } from "./model";

const node = (name: string, op: string, inputs: string[] = [], attributes = {}): RawNode => ({
  name,
  op,
  inputs,
  device: "",
  attributes,
});

const NODES = [
  node("x", "Placeholder", [], { _output_shapes: [[-1, 784]] }),
  node("net/fc1/weight", "prim::GetAttr", [], { _output_shapes: [[784, 128]] }),
  node("net/fc1/mm", "MatMul", ["x", "net/fc1/weight:0"], { _output_shapes: [[-1, 128]] }),
  node("net/fc2/weight", "VariableV2", [], { shape: [128, 10] }),
  node("net/fc2/mm", "MatMul", ["net/fc1/mm", "net/fc2/weight", "^x"]),
  node("loss", "Mean", ["net/fc2/mm", "nobody"]),
];
const width = (text: string) => 7 * text.length;

describe("a graph", () => {
  const graph = graphOf(NODES);

  it("has its operations in modules, with counts and parameters", () => {
    expect(graph.root.children.map(({ id }) => id)).toEqual(["x", "net", "loss"]);
    const net = graph.byId.get("net");
    expect(net).toMatchObject({ kind: "module", operations: 4, parameters: 784 * 128 + 1280 });
    expect(modulesOf(graph.operations[2]).map(({ id }) => id)).toEqual(["net", "net/fc1"]);
    expect(graph.missing).toBe(1);
  });

  it("keeps an operation whose name is a module's, too", () => {
    const { byId } = graphOf([node("dense", "MatMul"), node("dense/bias", "Const")]);
    expect(byId.get("dense")).toMatchObject({ kind: "module", operations: 2 });
    expect(byId.get("dense/(dense)")).toMatchObject({ kind: "operation", op: "MatMul" });
  });

  it("joins what flows between two children of a module", () => {
    expect(linksWithin(graph.root)).toEqual([
      { from: "x", to: "net", count: 2, control: false },
      { from: "net", to: "loss", count: 1, control: false },
    ]);
  });

  it("is open at first as far as there is room", () => {
    expect([...openAtFirst(graph.root)]).toEqual(["net", "net/fc1", "net/fc2"]);
    expect([...openAtFirst(graph.root, 6)]).toEqual(["net"]);
    expect([...openAtFirst(graph.root, 3)]).toEqual([]);
  });

  it("writes shapes", () => {
    expect(shapeText([-1, 128])).toBe("?×128");
    expect(shapeText([])).toBe("1");
    expect(shapeText(null)).toBe("");
  });
});

describe("a layout", () => {
  const graph = graphOf(NODES);
  const layout = layoutOf(graph.root, (module) => module.id === "net", width);
  const at = (id: string) => {
    const found = layout.placed.find(({ item }) => item.id === id);
    if (!found) throw new Error(id);
    return found;
  };

  it("puts what comes first above, and children within their module", () => {
    expect(at("x").y).toBeLessThan(at("net").y);
    expect(at("net").y).toBeLessThan(at("loss").y);
    const [net, fc1] = [at("net"), at("net/fc1")];
    expect(net.open).toBe(true);
    expect(Math.abs(fc1.x - net.x) + fc1.width / 2).toBeLessThanOrEqual(net.width / 2);
    expect(Math.abs(fc1.y - net.y) + fc1.height / 2).toBeLessThanOrEqual(net.height / 2);
    expect(layout.placed.some(({ item }) => item.id === "net/fc1/mm")).toBe(false);
  });

  it("lets no two boxes of a module overlap, few or many", () => {
    const many = Array.from({ length: 1000 }, (_, i) =>
      node(`n${i}`, "Op", i > 0 ? [`n${(i * 7) % i}`] : []),
    );
    for (const nodes of [NODES, many]) {
      const { placed } = layoutOf(graphOf(nodes).root, () => false, width);
      const meet = placed.some((a, i) =>
        placed
          .slice(i + 1)
          .some(
            (b) =>
              Math.abs(a.x - b.x) < (a.width + b.width) / 2 - 0.01 &&
              Math.abs(a.y - b.y) < (a.height + b.height) / 2 - 0.01,
          ),
      );
      expect(meet).toBe(false);
    }
  });

  it("has all of ten thousand operations", () => {
    const nodes = Array.from({ length: 10_000 }, (_, i) =>
      node(`layer.${i % 100}/op${i}`, "Op", i > 0 ? [`layer.${(i - 1) % 100}/op${i - 1}`] : []),
    );
    const { placed } = layoutOf(graphOf(nodes).root, () => true, width);
    expect(placed).toHaveLength(10_100);
  });
});

it("ranks are the longest ways, and circles end", () => {
  expect(
    ranksOf(4, [
      [0, 1],
      [1, 2],
      [0, 2],
      [2, 3],
    ]),
  ).toEqual([0, 1, 2, 3]);
  expect(
    ranksOf(3, [
      [0, 1],
      [1, 2],
      [2, 0],
    ]),
  ).toHaveLength(3);
});
