import { describe, expect, it } from "vitest";
import type { ChartColumns } from "../api/columns";
import type { ChartRequest } from "../api/types";
import { chart } from "../charts/sample";
import { Loader, type Pane, type Wish } from "./loader";

/** Answers as the test says. */
class Server {
  asked: string[][] = [];
  aborted = 0;
  open = 0;
  #release: (() => void)[] = [];
  held = false;
  revision = 1;

  fetch = async function* (
    this: Server,
    charts: ChartRequest[],
    signal: AbortSignal,
  ): AsyncGenerator<ChartColumns> {
    this.asked.push(charts.map((c) => c.tag));
    this.open++;
    expect(this.open).toBe(1); // one request at a time
    signal.addEventListener("abort", () => this.aborted++);
    try {
      for (const { tag } of charts) {
        if (this.held) await new Promise<void>((resolve) => this.#release.push(resolve));
        yield { ...chart([]), tag, revision: this.revision };
      }
    } finally {
      this.open--;
    }
  }.bind(this);

  async release(): Promise<void> {
    for (const resolve of this.#release.splice(0)) resolve();
    await settle();
  }
}

class FakePane implements Pane {
  got: ChartColumns[] = [];
  want: Wish;

  constructor(tag: string, order: number) {
    this.want = { request: { tag, runs: [1] }, key: tag, revision: 1, order };
  }
  wish = () => this.want;
  receive = (data: ChartColumns) => this.got.push(data);
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

function setUp(orders: number[]) {
  const server = new Server();
  const loader = new Loader(server.fetch, () => Promise.resolve());
  const panes = orders.map((order, i) => new FakePane(`t${i}`, order));
  for (const pane of panes) loader.add(pane);
  return { server, loader, panes };
}

describe("Loader", () => {
  it("asks once for all, nearest first, and rests when they are fresh", async () => {
    const { server, loader, panes } = setUp([20, 1e6, 10]);
    loader.poke();
    await settle();
    loader.poke();
    await settle();
    expect(server.asked).toEqual([["t2", "t0", "t1"]]);
    expect(panes.map((pane) => pane.got.map((d) => d.tag))).toEqual([["t0"], ["t1"], ["t2"]]);
  });

  it("asks again for those alone that have changed", async () => {
    const { server, loader, panes } = setUp([1, 2]);
    loader.poke();
    await settle();
    panes[1].want = { ...panes[1].want, revision: 5 };
    server.revision = 5;
    loader.poke();
    await settle();
    expect(server.asked).toEqual([["t0", "t1"], ["t1"]]);
  });

  it("catches up, after a request, on what changed meanwhile", async () => {
    const { server, loader, panes } = setUp([1]);
    server.held = true;
    loader.poke();
    await settle();
    panes[0].want = { ...panes[0].want, key: "other" };
    loader.poke();
    server.held = false;
    await server.release();
    expect(server.asked).toEqual([["t0"], ["t0"]]);
    expect(panes[0].got).toHaveLength(2);
  });

  it("drops a request of which nothing is wanted any more", async () => {
    const { server, loader, panes } = setUp([1, 2, 3]);
    server.held = true;
    loader.poke();
    await settle();
    for (const pane of panes) pane.want = { ...pane.want, key: `${pane.want.key} zoomed` };
    server.held = false;
    await server.release();
    expect(server.aborted).toBe(1);
    expect(server.asked).toEqual([
      ["t0", "t1", "t2"],
      ["t0", "t1", "t2"],
    ]);
    expect(panes.map((pane) => pane.got.length)).toEqual([2, 1, 1]);
  });

  it("gives nothing to a chart that has left the screen", async () => {
    const { server, loader, panes } = setUp([1]);
    server.held = true;
    loader.poke();
    await settle();
    loader.remove(panes[0]);
    server.held = false;
    await server.release();
    expect(panes[0].got).toEqual([]);
  });
});
