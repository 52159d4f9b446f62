import { expect, test, vi } from "vitest";
import { ConsoleSearch } from "./consolesearch.svelte";

test("lines that come later are looked at alone, and no sooner than once a second", async () => {
  vi.useFakeTimers();
  let lines = 100;
  const fetch = vi.fn(async (start: number) => {
    const numbers = Array.from({ length: lines - start }, (_, i) => start + i).filter((n) => n % 10 === 7);
    return { revision: 1, stop: lines, total: numbers.length, numbers };
  });
  const search = new ConsoleSearch();
  search.want("x", lines, fetch);
  await vi.advanceTimersByTimeAsync(0);
  expect([search.known, search.total, search.numbers.at(-1)]).toEqual([true, 10, 97]);
  for (lines = 101; lines < 150; lines++) search.want("x", lines, fetch);
  await vi.advanceTimersByTimeAsync(1000);
  expect([search.total, search.numbers.at(-1)]).toEqual([15, 147]);
  expect(fetch.mock.calls.map(([start]) => start)).toEqual([0, 100]);
  search.want("y", lines, fetch);
  expect([search.known, search.total]).toEqual([false, 0]);
  await vi.advanceTimersByTimeAsync(0);
  expect(search.total).toBe(15);
  search.clear();
  expect(search.numbers).toEqual([]);
  vi.useRealTimers();
});

test("an answer to what is no longer looked for is not taken", async () => {
  let answer = (_: { revision: number; stop: number; total: number; numbers: number[] }) => {};
  const search = new ConsoleSearch();
  search.want("x", 10, () => new Promise((resolve) => (answer = resolve)));
  const first = answer;
  search.want("y", 10, () => new Promise((resolve) => (answer = resolve)));
  first({ revision: 1, stop: 10, total: 1, numbers: [1] });
  answer({ revision: 1, stop: 10, total: 1, numbers: [2] });
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(search.numbers).toEqual([2]);
  search.clear();
});
