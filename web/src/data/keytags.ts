/** Which of a run's tags say most about how it went, and in which direction better lies. Pure. */

/** As `higher_is_better` in headway/query/facts.py. */
const HIGH =
  /(^|[^a-z])(acc|accuracy|f1|auc|auroc|bleu|rouge\w*|reward|score|precision|recall|map|iou|psnr|ssim|success|win|pass|pass@\d+|correct|r2|exact_match|em|throughput|mfu)([^a-z]|$)|准确|精确|精度|正确|召回|奖励|得分|分数|成功率|胜率|通过率|吞吐/;

export const higherIsBetter = (tag: string) => HIGH.test(tag.toLowerCase());

/** What machines and clocks do while a run trains. */
const SYSTEM =
  /(^|[/._ -])(system|sys|gpu|gpus|cpu|cuda|tpu|hbm|vram|ram|disk|network|nvlink|power|temperature|utilization|mem|memory|throughput|mfu|hfu|flops?|tflops?|perf|timing|dataload(er)?|(tokens|samples|examples|steps|iters?|it|images|frames)_?(per|\/)_?(s|sec|second)|(step|iter|batch|epoch|data|forward|backward)_?time|time_per_\w+|fps|sps)([/._ -]|$)/i;

export const isSystem = (tag: string) => SYSTEM.test(tag);

const OUTCOME =
  /(^|[^a-z])(loss|ppl|perplexity|error|err|nll|bpb|bpc|mse|mae|rmse|fid|wer|cer|kl|objective|cost)([^a-z]|$)|损失|误差/;
const HELD_OUT = /(^|[^a-z])(val|valid|validation|eval|evaluation|test|dev|heldout)([^a-z]|$)|验证|测试|评估/;
const DRIVING = /(^|[^a-z])(lr|learning_rate|grad_norm|epoch)([^a-z]|$)|学习率/;

/** Whether there is a better and a worse of it at all: a loss or a score, not a learning rate or a load. */
export const hasBest = (tag: string) =>
  !isSystem(tag) && (OUTCOME.test(tag.toLowerCase()) || higherIsBetter(tag));

const MOST_RATED = 2000;

/** At most `most` tags, what was measured on held-out data first, then losses and scores, then what drives them. */
export function keyTags(tags: readonly string[], most: number): string[] {
  const few = tags.length > MOST_RATED ? shallowest(tags) : new Set(tags);
  const rated = tags.flatMap((tag, at) => (few.has(tag) ? [{ tag, at, rate: rate(tag) }] : []));
  const first = rated.sort((a, b) => b.rate - a.rate || a.at - b.at).map((one) => one.tag);
  if (most <= first.length) return first.slice(0, most);
  return [...first, ...tags.filter((tag) => !few.has(tag))].slice(0, most);
}

/** Of very many tags the deep ones are layers, which none of this is about. */
function shallowest(tags: readonly string[]): ReadonlySet<string> {
  const levels: string[][] = [];
  for (const tag of tags) {
    let depth = 0;
    for (let at = tag.indexOf("/"); at >= 0; at = tag.indexOf("/", at + 1)) depth++;
    levels[depth] ??= [];
    levels[depth].push(tag);
  }
  return new Set(levels.flat().slice(0, MOST_RATED));
}

function rate(tag: string): number {
  const name = tag.toLowerCase();
  const depth = name.split(/[/.]/).length;
  const outcome = OUTCOME.test(name) || HIGH.test(name);
  const base = isSystem(name) && !HELD_OUT.test(name) ? -4 : 0;
  return (
    base + (outcome ? 6 : 0) + (outcome && HELD_OUT.test(name) ? 4 : 0) + (DRIVING.test(name) ? 3 : 0) - depth
  );
}
