import { describe, expect, it } from "vitest";
import { completions } from "./suggest";

const tags = ["train/loss", "val/loss", "lr", "grad norm", "loss_scale"];

describe("completions", () => {
  it("offer tags that have the word, those that begin with it first", () => {
    expect(completions("loss", tags)).toEqual(["train/loss", "val/loss", "loss_scale"]);
    expect(completions("oss", tags)).toEqual(["train/loss", "val/loss", "loss_scale"]);
    expect(completions("LR", tags)).toEqual(["lr"]);
    expect(completions("lr", tags)).toEqual([]);
  });

  it("complete the last word of an expression", () => {
    expect(completions("train/loss - val", tags)).toEqual(["train/loss - val/loss"]);
    expect(completions("ema(gra", tags)).toEqual(["ema(`grad norm`"]);
  });

  it("are few", () => {
    expect(
      completions(
        "",
        Array.from({ length: 1000 }, (_, i) => `t${i}`),
      ),
    ).toHaveLength(8);
  });
});
