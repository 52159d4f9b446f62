import { describe, expect, it } from "vitest";
import type { ChartColumns } from "../api/columns";
import type { ChartRequest } from "../api/types";
import { chart, curve } from "../charts/sample";
import { Loader, type Pane, type Wish } from "./loader";

/** Answers as the test says. */
class Server {
  asked: string[][] = [];
  requests: ChartRequest[] = [];
  answer: (request: ChartRequest) => Partial<ChartColumns> = () => ({});
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
    this.requests.push(...charts);
    this.open++;
    expect(this.open).toBe(1); // one request at a time
    signal.addEventListener("abort", () => this.aborted++);
    try {
      for (const request of charts) {
        if (this.held) await new Promise<void>((resolve) => this.#release.push(resolve));
        const answer = this.answer(request);
        yield { ...chart([]), width: 0, tag: request.tag, revision: this.revision, ...answer };
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
    const request = { tag, runs: [1, 2], columns: 100 };
    this.want = { request, key: tag, revision: 1, changedSince: () => [2], order };
  }
  wish = () => this.want;
  receive = (data: ChartColumns) => this.got.push(data);
}

/** Entries of a curve from a column on. */
const from = (column: number) => ({ fromColumn: column, column: Uint16Array.of(column, column + 1) });

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

  describe("once it has a chart", () => {
    const whole = {
      width: 1,
      start: 0,
      columns: 3,
      curves: [curve([1, 2, 3]), curve([4, 5], { run: 2, fingerprint: "old" })],
    };
    const news = { width: 1, start: 0, curves: [curve([5, 6], { run: 2, fingerprint: "new", ...from(1) })] };

    /** The second answer is to what is new since the first. */
    async function grown(second: Partial<ChartColumns>) {
      const all = setUp([1]);
      const answers: Partial<ChartColumns>[] = [whole, second, whole];
      all.server.answer = () => answers.shift() ?? {};
      all.loader.poke();
      await settle();
      all.server.revision = 5;
      all.panes[0].want = { ...all.panes[0].want, revision: 5 };
      all.loader.poke();
      await settle();
      return { ...all, pane: all.panes[0] };
    }

    it("asks for what is new alone, and joins it to what it has", async () => {
      const { server, pane } = await grown(news);
      expect(server.requests).toHaveLength(2);
      expect(server.requests[1]).toEqual({
        tag: "t0",
        runs: [2],
        columns: 100,
        start: 0,
        width: 1,
        known: ["old"],
      });
      expect(pane.got[1].curves.map((c) => [...c.last])).toEqual([
        [1, 2, 3],
        [4, 5, 6],
      ]);
    });

    it("asks for everything when the columns have changed", async () => {
      const { server, pane } = await grown({ ...news, width: 2 });
      expect(server.requests.map((request) => request.known)).toEqual([undefined, ["old"], undefined]);
      expect(pane.got).toHaveLength(2);
    });

    it("asks for everything after another wish or an error", async () => {
      const { server, loader, pane } = await grown({ error: "no" });
      expect(pane.got[1].error).toBe("no");
      pane.want = { ...pane.want, revision: 6 };
      server.revision = 6;
      loader.poke();
      await settle();
      pane.want = { ...pane.want, key: "zoomed" };
      loader.poke(true);
      await settle();
      expect(server.requests.map((request) => request.known !== undefined)).toEqual([
        false,
        true,
        false,
        false,
      ]);
    });

    it("does not let news of far charts wait for those of near ones", async () => {
      const { server, loader, panes } = setUp(Array.from({ length: 70 }, (_, i) => i));
      server.answer = (request) => ({ ...whole, ...(request.known ? news : {}) });
      const growTo = (revision: number) => {
        server.revision = revision;
        for (const pane of panes) pane.want = { ...pane.want, revision };
      };
      loader.poke();
      await settle();
      growTo(2);
      server.held = true;
      loader.poke();
      await settle();
      server.held = false;
      await server.release();
      growTo(3);
      loader.poke(true);
      await settle();
      expect(server.asked.map((tags) => tags.length)).toEqual([64, 6, 64, 64]);
      expect(server.asked[3].slice(0, 7)).toEqual(["t64", "t65", "t66", "t67", "t68", "t69", "t0"]);
    });

    it("asks for no more than the server reads, when thousands of runs grow at once", async () => {
      const { server, panes } = setUp(Array.from({ length: 64 }, (_, i) => i));
      const runs = Array.from({ length: 3000 }, (_, i) => 10_000 + i);
      for (const pane of panes) {
        pane.want = { ...pane.want, request: { ...pane.want.request, runs }, changedSince: () => runs };
      }
      const sizes: number[] = [];
      const fetch = server.fetch;
      const measured = new Loader(
        (charts, signal) => {
          sizes.push(JSON.stringify({ charts }).length);
          return fetch(charts, signal);
        },
        () => Promise.resolve(),
      );
      for (const pane of panes) measured.add(pane);
      const curves = runs.map((run) => curve([1, 2, 3], { run, fingerprint: "CQABAAAAiaxHqcqOt7c" }));
      server.answer = () => ({ ...whole, curves });
      measured.poke();
      await settle();
      for (const pane of panes) pane.want = { ...pane.want, revision: 2 };
      server.revision = 2;
      measured.poke(true);
      await settle();
      expect(sizes.length).toBeGreaterThan(1);
      expect(Math.max(...sizes)).toBeLessThan(4 * 1024 * 1024);
    });

    it("pauses after many bytes of news, but not when a person waits", async () => {
      const { server, loader, pane } = await grown({ ...news, bytes: 100 * 500 });
      server.answer = () => ({ ...news });
      server.revision = 6;
      pane.want = { ...pane.want, revision: 6 };
      loader.poke();
      await settle();
      expect(server.requests).toHaveLength(2);
      loader.poke(true);
      await settle();
      expect(server.requests).toHaveLength(3);
    });
  });
});
