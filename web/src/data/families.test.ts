import { describe, expect, it } from "vitest";
import { byTensor, families, firstFamily, tellApart } from "./families";

const LAYERS = [...Array(12).keys()];
const TENSORS = ["attn.q_proj", "attn.o_proj", "mlp.up", "mlp.down"];

function named(found: ReturnType<typeof families>): Record<string, string[]> {
  return Object.fromEntries(found.map(({ name, members }) => [name, members.map((one) => one.module)]));
}

const OTHERS = ["train/loss", "eval/loss", "eval/top1", "eval/top5", "lr", "epoch", "perf/mfu"];

describe("families", () => {
  it("has the measure before the module", () => {
    const tags = ["grad_norm", "update_ratio"].flatMap((measure) =>
      LAYERS.flatMap((layer) => TENSORS.map((tensor) => `${measure}/layers.${layer}.${tensor}`)),
    );
    const found = named(families([...OTHERS, "grad_norm/embed", "grad_norm/lm_head", ...tags]));
    expect(Object.keys(found)).toEqual(["grad_norm", "update_ratio"]);
    expect(found.grad_norm).toHaveLength(12 * 4 + 2);
    expect(found.grad_norm.slice(0, 2)).toEqual(["embed", "layers.0.attn.o_proj"]);
    expect(found.grad_norm.at(-1)).toBe("lm_head");
    expect(found.grad_norm.indexOf("layers.2.mlp.up")).toBeLessThan(
      found.grad_norm.indexOf("layers.10.mlp.up"),
    );
  });

  it("has it after the module", () => {
    const tags = LAYERS.flatMap((layer) => [
      `layer_${String(layer).padStart(2, "0")}/grad_norm`,
      `layer_${String(layer).padStart(2, "0")}/act_rms`,
    ]);
    const found = named(families([...OTHERS, ...tags]));
    expect(Object.keys(found)).toEqual(["act_rms", "grad_norm"]);
    expect(found.grad_norm[7]).toBe("layer_07");
    const model = LAYERS.flatMap((layer) =>
      TENSORS.map((tensor) => `model.layers.${layer}.${tensor}.weight/update_ratio`),
    );
    expect(named(families([...model, "model.embed.weight/update_ratio"])).update_ratio).toHaveLength(49);
  });

  it("has it around the module", () => {
    const tags = ["norm", "max"].flatMap((last) =>
      LAYERS.flatMap((layer) => TENSORS.map((tensor) => `optim/grad/blocks.${layer}.${tensor}.${last}`)),
    );
    const found = named(families(tags));
    expect(Object.keys(found)).toEqual(["optim/grad · max", "optim/grad · norm"]);
    expect(found["optim/grad · max"][0]).toBe("blocks.0.attn.o_proj");
    const train = LAYERS.flatMap((layer) => [`train/layer.${layer}/grad_norm`, `train/layer.${layer}/std`]);
    expect(Object.keys(named(families(train)))).toEqual(["train/…/grad_norm", "train/…/std"]);
  });

  it("takes a path of slashes as the module", () => {
    const parts = ["attention/self/query", "attention/self/key", "attention/output/dense", "output/dense"];
    const tags = LAYERS.flatMap((layer) => parts.map((part) => `gradients/encoder/layer/${layer}/${part}`));
    const found = named(families([...OTHERS, ...tags]));
    expect(Object.keys(found)).toEqual(["gradients/encoder"]);
    expect(found["gradients/encoder"][0]).toBe("layer/0/attention/output/dense");
    const output = LAYERS.map((layer) => `gradients/encoder.layer.${layer}.output`);
    expect(named(families(output))).toEqual({
      gradients: LAYERS.map((layer) => `encoder.layer.${layer}.output`),
    });
  });

  it("knows tensors that are named as torch names them", () => {
    const tags = LAYERS.flatMap((layer) =>
      TENSORS.flatMap((t) => [`h.${layer}.${t}.weight`, `h.${layer}.${t}.bias`]),
    );
    expect(Object.keys(named(families(tags)))).toEqual(["bias", "weight"]);
    const norms = LAYERS.map((layer) => `layer_${layer}_grad_norm`);
    expect(named(families(norms))).toEqual({ "layer_*_grad_norm": norms });
    const moe = LAYERS.flatMap((layer) => [
      `moe/aux_loss_layer_${layer}`,
      `moe/z_loss_layer_${layer}`,
      "moe/total",
    ]);
    expect(Object.keys(named(families(moe)))).toEqual(["moe/aux_loss_layer_*", "moe/z_loss_layer_*"]);
  });

  it("finds none where there is none", () => {
    expect(families(OTHERS)).toEqual([]);
    expect(families([])).toEqual([]);
  });

  it("shows gradients first", () => {
    const tags = ["weight_norm", "act", "grad_norm"].flatMap((m) =>
      LAYERS.map((layer) => `${m}/layers.${layer}.w`),
    );
    expect(firstFamily(families(tags))?.name).toBe("grad_norm");
    expect(firstFamily([])).toBeUndefined();
  });
});

it("puts the same tensor of all layers together", () => {
  const members = ["l.0.q", "l.0.k", "l.10.q", "l.2.q"].map((module) => ({ tag: module, module }));
  expect(byTensor(members).map((one) => one.module)).toEqual(["l.0.k", "l.0.q", "l.2.q", "l.10.q"]);
});

it("leaves out what all modules have", () => {
  expect(tellApart(["layers.0.mlp.down", "layers.12.mlp.down"])).toEqual(["0", "12"]);
  expect(tellApart(["layers.0.q", "layers.0.k", "embed"])).toEqual(["layers.0.q", "layers.0.k", "embed"]);
  expect(tellApart(["layers.0"])).toEqual(["layers.0"]);
  expect(tellApart(["a.b", "a.b"])).toEqual(["b", "b"]);
});
