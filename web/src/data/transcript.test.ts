import { expect, test, vi } from "vitest";
import type { ConsoleLines } from "../api/types";
import { PAGE, Transcript } from "./transcript.svelte";

/** A console of `total()` lines that counts what it is asked. */
function console_(total: () => number) {
  const fetch = vi.fn(async (start: number, limit: number): Promise<ConsoleLines> => {
    const all = total();
    const from = start < 0 ? Math.max(0, all + start) : Math.min(start, all);
    const lines = Array.from(
      { length: Math.max(0, Math.min(limit, all - from)) },
      (_, i) => `line ${from + i}`,
    );
    return {
      revision: 1,
      total: all,
      start: from,
      lines,
      steps: lines.map((_, i) => from + i),
      walls: lines.map(() => 1),
    };
  });
  return { fetch, transcript: new Transcript(fetch) };
}

const arrived = () => new Promise((resolve) => setTimeout(resolve, 0));

test("only what is wanted is asked for, and once", async () => {
  const { fetch, transcript } = console_(() => 1_000_000);
  await transcript.refresh();
  expect(transcript.total).toBe(1_000_000);
  transcript.want(123_456, 123_500);
  transcript.want(123_456, 123_500);
  await arrived();
  expect(transcript.line(123_456)).toEqual({ text: "line 123456", step: 123_456, wall: 1 });
  expect(transcript.line(0)).toBeNull();
  expect(fetch).toHaveBeenCalledTimes(2);
});

test("the tail is there at once where it fills a page, and grows", async () => {
  let total = 3;
  const { fetch, transcript } = console_(() => total);
  await transcript.refresh();
  expect(transcript.line(2)?.text).toBe("line 2");
  total = 620;
  await transcript.refresh();
  expect(transcript.total).toBe(620);
  transcript.want(590, 620);
  transcript.want(0, 40);
  await arrived();
  for (const i of [0, 2, 3, 119, 120, 499]) expect(transcript.line(i)?.text).toBe(`line ${i}`);
  transcript.want(590, 620);
  await arrived();
  expect(transcript.line(619)?.text).toBe("line 619");
  expect(fetch.mock.calls.length).toBeLessThan(7);
});

test("pages that were left are let go of", async () => {
  const { fetch, transcript } = console_(() => 1_000_000);
  for (let page = 0; page < 40; page++) {
    transcript.want(page * PAGE, page * PAGE + 10);
    await arrived();
  }
  expect(transcript.line(0)).toBeNull();
  expect(transcript.line(39 * PAGE)?.text).toBe(`line ${39 * PAGE}`);
  expect(fetch).toHaveBeenCalledTimes(40);
});

test("nothing was printed, or the server refuses", async () => {
  const { transcript } = console_(() => 0);
  await transcript.refresh();
  expect(transcript.total).toBe(0);
  const failing = new Transcript(() => Promise.reject(new Error("gone")));
  await failing.refresh();
  expect(failing.failed).toBe("gone");
});
