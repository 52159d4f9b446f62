import { describe, expect, it } from "vitest";
import { gaussian, random } from "../random";
import { fuzzy, perplexed } from "./affinity";
import { eigen } from "./eigen";
import { Fft } from "./fft";
import { graphOf } from "./graph";
import { nearest } from "./neighbours";
import { pca } from "./pca";
import { type Points, prepared } from "./points";
import { aligned } from "./procrustes";
import { byTree, exact, Grid } from "./repulsion";
import { Tsne } from "./tsne";
import { Umap } from "./umap";

/** `clusters` clouds far apart; point i belongs to cloud i mod clusters. */
function clouds(count: number, dimensions: number, clusters: number, seed = 1): Points {
  const next = random(seed);
  const centres = Array.from({ length: clusters * dimensions }, () => gaussian(next) * 8);
  const values = Float32Array.from(
    { length: count * dimensions },
    (_, at) =>
      centres[(Math.floor(at / dimensions) % clusters) * dimensions + (at % dimensions)] + gaussian(next),
  );
  return { count, dimensions, values };
}

/** The share of points whose nearest other point in a layout is of their own cloud. */
function purity(positions: Float32Array, dimensions: number, clusters: number): number {
  const points = { count: positions.length / dimensions, dimensions, values: positions };
  let own = 0;
  for (let i = 0; i < points.count; i++) {
    const [first] = nearest(points, i, 1, "euclidean");
    if (first.index % clusters === i % clusters) own++;
  }
  return own / points.count;
}

describe("principal components", () => {
  it("has eigenvectors of a symmetric matrix", () => {
    const matrix = Float64Array.of(4, 1, 0, 1, 3, 1, 0, 1, 2);
    const { values, vectors } = eigen(matrix.slice(), 3);
    for (let e = 0; e < 3; e++)
      for (let r = 0; r < 3; r++) {
        let sum = 0;
        for (let c = 0; c < 3; c++) sum += matrix[r * 3 + c] * vectors[e * 3 + c];
        expect(sum).toBeCloseTo(values[e] * vectors[e * 3 + r], 10);
      }
    expect(values[0] + values[1] + values[2]).toBeCloseTo(9, 10);
  });

  it("finds the directions of most variance, whether worked out whole or iterated for", () => {
    const next = random(5);
    for (const dimensions of [12, 200]) {
      const count = 400;
      const values = new Float32Array(count * dimensions);
      for (let i = 0; i < count; i++)
        for (let k = 0; k < dimensions; k++)
          values[i * dimensions + k] = 3 + gaussian(next) * (k === 4 ? 20 : k === 7 ? 9 : 0.5);
      const found = pca({ count, dimensions, values }, 4);
      expect(found.explained[0]).toBeGreaterThan(found.explained[1]);
      let [with4, with7] = [0, 0];
      for (let i = 0; i < count; i++) {
        with4 += Math.abs(found.scores[i * 4] - (values[i * dimensions + 4] - 3)) / count;
        with7 += Math.abs(found.scores[i * 4 + 1] - (values[i * dimensions + 7] - 3)) / count;
      }
      expect(with4).toBeLessThan(2.5);
      expect(with7).toBeLessThan(2.5);
    }
  });

  it("explains all variance with all components, and survives points that are all the same", () => {
    const whole = pca(clouds(60, 5, 3), 10);
    expect(whole.explained.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 6);
    const same = pca({ count: 4, dimensions: 3, values: new Float32Array(12).fill(2) }, 3);
    expect(same.explained).toEqual([0, 0, 0]);
    expect([...same.scores].every((v) => v === 0)).toBe(true);
  });
});

describe("points", () => {
  it("are centred and put on a sphere, and what is not finite becomes the mean", () => {
    const points = { count: 3, dimensions: 2, values: Float32Array.of(1, 2, 3, Number.NaN, 5, 6) };
    const { points: sphere, broken } = prepared(points, "sphere");
    expect(broken).toBe(1);
    expect(sphere.values[3]).toBe(0);
    for (const i of [0, 2])
      expect(Math.hypot(sphere.values[i * 2], sphere.values[i * 2 + 1])).toBeCloseTo(1, 6);
    expect(points.values[3]).toBeNaN();
  });
});

describe("neighbours", () => {
  it("are those of a sort of all distances", () => {
    const points = clouds(80, 6, 4);
    for (const metric of ["euclidean", "cosine"] as const) {
      const all = Array.from({ length: 80 }, (_, i) => {
        const [a, b] = [0, i].map((p) => [...points.values.subarray(p * 6, p * 6 + 6)]);
        const product = a.reduce((sum, v, k) => sum + v * b[k], 0);
        const distance =
          metric === "cosine"
            ? 1 - product / Math.hypot(...a) / Math.hypot(...b)
            : Math.hypot(...a.map((v, k) => v - b[k]));
        return { index: i, distance };
      }).slice(1);
      all.sort((a, b) => a.distance - b.distance);
      const found = nearest(points, 0, 7, metric);
      expect(found.map((n) => n.index)).toEqual(all.slice(0, 7).map((n) => n.index));
      found.forEach((n, i) => {
        expect(n.distance).toBeCloseTo(all[i].distance, 4);
      });
    }
  });

  it("of all points are found by the forest nearly as by looking at all", () => {
    const points = clouds(3000, 16, 20);
    const truth = graphOf(points, 10, undefined, true);
    const found = graphOf(points, 10, undefined, false);
    let hits = 0;
    for (let i = 0; i < points.count; i++) {
      const real = new Set(truth.indices.subarray(i * 10, i * 10 + 10));
      for (const j of found.indices.subarray(i * 10, i * 10 + 10)) if (real.has(j)) hits++;
    }
    expect(hits / 30_000).toBeGreaterThan(0.93);
    for (let n = 1; n < 10; n++) expect(truth.distances[n]).toBeGreaterThanOrEqual(truth.distances[n - 1]);
  });

  it("do not mind points that are all the same", () => {
    const same = { count: 300, dimensions: 4, values: new Float32Array(1200) };
    const graph = graphOf(same, 5, undefined, false);
    expect(graph.distances.every((v) => v === 0 || v === Number.POSITIVE_INFINITY)).toBe(true);
    for (const of of [perplexed(graph, 3), fuzzy(graph)])
      expect(of.weights.every(Number.isFinite)).toBe(true);
  });
});

describe("affinities", () => {
  it("are the same both ways, and t-SNE's sum to one", () => {
    const graph = graphOf(clouds(200, 5, 4), 12);
    const { starts, columns, weights } = perplexed(graph, 4);
    expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 4);
    const pairs = new Map<string, number>();
    for (let i = 0; i < 200; i++)
      for (let n = starts[i]; n < starts[i + 1]; n++) pairs.set(`${i} ${columns[n]}`, weights[n]);
    for (const [pair, weight] of pairs)
      expect(pairs.get(pair.split(" ").reverse().join(" "))).toBeCloseTo(weight, 7);
    expect(Math.max(...fuzzy(graph).weights)).toBeCloseTo(1, 5);
  });
});

describe("layouts", () => {
  it("transforms grids there and back", () => {
    const size = 16;
    const next = random(2);
    const real = Float64Array.from({ length: size * size }, next);
    const imaginary = Float64Array.from({ length: size * size }, next);
    const [a, b] = [real.slice(), imaginary.slice()];
    const fft = new Fft(size);
    fft.grid(a, b);
    expect(a[0]).toBeCloseTo(
      real.reduce((x, y) => x + y, 0),
      8,
    );
    fft.grid(a, b, true);
    for (let i = 0; i < real.length; i++) {
      expect(a[i] / size ** 2).toBeCloseTo(real[i], 10);
      expect(b[i] / size ** 2).toBeCloseTo(imaginary[i], 10);
    }
  });

  it("push points apart on a grid and by a tree as pair by pair", () => {
    const next = random(9);
    for (const [dimensions, spread, push] of [
      [2, 3, (p: Float32Array, f: Float32Array) => new Grid().push(p, f)],
      [2, 30, (p: Float32Array, f: Float32Array) => new Grid().push(p, f)],
      [2, 20, (p: Float32Array, f: Float32Array) => byTree(p, f, 2, 0.3)],
      [3, 20, (p: Float32Array, f: Float32Array) => byTree(p, f, 3, 0.3)],
    ] as const) {
      const positions = Float32Array.from({ length: 600 * dimensions }, () => gaussian(next) * spread);
      const [wanted, found] = [new Float32Array(positions.length), new Float32Array(positions.length)];
      const total = exact(positions, wanted, dimensions);
      expect(push(positions, found) / total).toBeCloseTo(1, 1);
      let [off, all] = [0, 0];
      for (let at = 0; at < wanted.length; at++) {
        off += (found[at] - wanted[at]) ** 2;
        all += wanted[at] ** 2;
      }
      expect(Math.sqrt(off / all)).toBeLessThan(0.08);
    }
  });

  it("do not mind two points at one place", () => {
    const positions = Float32Array.of(1, 1, 1, 1, 1, 1, 5, 5, 5);
    const forces = new Float32Array(9);
    byTree(positions, forces, 3);
    expect(forces.every(Number.isFinite)).toBe(true);
  });

  it("keep clouds together", () => {
    const points = clouds(240, 10, 6);
    const { count, scores } = pca(points, 2);
    const tsne = new Tsne(perplexed(graphOf(points, 30), 10), scores, count);
    for (let i = 0; i < 350; i++) tsne.step();
    expect(purity(tsne.positions, 2, 6)).toBeGreaterThan(0.98);
    const umap = new Umap(fuzzy(graphOf(points, 15)), scores, 2);
    while (!umap.done) umap.step();
    expect(purity(umap.positions, 2, 6)).toBeGreaterThan(0.98);
  });

  it("are turned onto the one before", () => {
    const next = random(4);
    const before = Float32Array.from({ length: 90 }, () => gaussian(next));
    const [c, s] = [Math.cos(1), Math.sin(1)];
    const turned = before.slice();
    for (let i = 0; i < 90; i += 3) {
      turned[i] = -(c * before[i] - s * before[i + 1]) + 4;
      turned[i + 1] = s * before[i] + c * before[i + 1] - 2;
    }
    for (const flat of [true, false]) {
      const back = aligned(turned, before, flat);
      for (let i = 0; i < 90; i++) expect(back[i]).toBeCloseTo(before[i], 4);
    }
  });
});
