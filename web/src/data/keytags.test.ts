import { expect, test } from "vitest";
import { hasBest, higherIsBetter, isSystem, keyTags } from "./keytags";

test("which direction is better", () => {
  expect(["eval/accuracy", "reward", "val_f1", "acc@1", "准确率"].map(higherIsBetter)).toEqual(
    Array(5).fill(true),
  );
  expect(["loss", "scorecard", "mapping", "lr"].map(higherIsBetter)).toEqual(Array(4).fill(false));
});

test("what machines do is told from what is learned", () => {
  const system = [
    "system/gpu.0.memory",
    "gpu/0/util",
    "train/tokens_per_second",
    "perf/step_time",
    "throughput",
    "CPU",
  ];
  expect(system.filter((tag) => !isSystem(tag))).toEqual([]);
  const others = ["train/loss", "memorization/score", "grad_norm/layer.3", "powerful", "eval/steps", "epoch"];
  expect(others.filter(isSystem)).toEqual([]);
});

test("held-out results come first, then losses, then what drives them; single layers last", () => {
  const tags = [
    "layers/0/attn/q/norm",
    "epoch",
    "train/loss",
    "gpu/util",
    "lr",
    "eval/loss",
    "eval/accuracy",
    "x",
  ];
  expect(keyTags(tags, 5)).toEqual(["eval/loss", "eval/accuracy", "train/loss", "epoch", "lr"]);
  expect(keyTags(tags, 100).at(-1)).toBe("gpu/util");
});

test("not everything has a best", () => {
  expect(["eval/loss", "accuracy", "perplexity"].map(hasBest)).toEqual([true, true, true]);
  expect(["lr", "gpu/memory", "tokens_per_second", "epoch"].map(hasBest)).toEqual([
    false,
    false,
    false,
    false,
  ]);
});

test("a hundred thousand tags are chosen from as quickly", () => {
  const layers = Array.from({ length: 100_000 }, (_, i) => `model/layers/${i}/attention/grad_norm`);
  const began = performance.now();
  expect(keyTags([...layers, "eval/loss", "train/loss"], 2)).toEqual(["eval/loss", "train/loss"]);
  expect(performance.now() - began).toBeLessThan(1000);
});
