import { describe, expect, it } from "vitest";
import { best, fuzzyScore } from "./fuzzy";

const items = (query: string, texts: string[], most: number) =>
  best(query, texts, (text) => text, most).map(({ item }) => item);
const order = (query: string, ...texts: string[]) => items(query, texts, 10);

describe("abbreviations", () => {
  it("fit as subsequences, whatever the case", () => {
    expect(fuzzyScore("TRLO", "train/loss")).not.toBeNull();
    expect(fuzzyScore("olt", "train/loss")).toBeNull();
    expect(fuzzyScore("", "anything")).toBe(0);
    expect(fuzzyScore("验证", "验证/损失")).not.toBeNull();
  });

  it("prefer what holds them as they stand, then beginnings of words, then short texts", () => {
    expect(order("loss", "train/l_o_s_s", "val/loss", "loss")).toEqual(["loss", "val/loss", "train/l_o_s_s"]);
    expect(order("vl", "interval", "val/loss")).toEqual(["val/loss", "interval"]);
    expect(order("gn", "grad_norm/layers.12.attn", "grad_norm")).toEqual([
      "grad_norm",
      "grad_norm/layers.12.attn",
    ]);
  });

  it("keep the order of what is equal, and no more than is wanted", () => {
    const texts = Array.from({ length: 20000 }, (_, i) => `layer ${String(i).padStart(5, "0")}`);
    expect(items("layer", texts, 3)).toEqual(texts.slice(0, 3));
    expect(items("layer19999", texts, 3)).toEqual(["layer 19999"]);
  });
});
