/** The colours of the runs and groups of the page, as they follow from the rule, the theme, and what people chose. */

import { catcher, type Legend, nothingColour, readRule, type Scheme, schemeOf } from "./colouring";
import { fitted, slotColour } from "./colours";
import type { Dashboard } from "./dashboard.svelte";
import { groupKey, type Setting } from "./grouping";
import { marks } from "./marks.svelte";
import { theme } from "./theme.svelte";

export class RunColours {
  readonly #board: Dashboard;

  constructor(board: Dashboard) {
    this.#board = board;
  }

  readonly #ruleText = $derived.by(() => this.#board.param("runs.colour"));
  readonly rule = $derived.by(() => readRule(this.#ruleText, this.#board.groupBy.length > 0));

  /** Runs in the order in which they began. */
  readonly #began = $derived.by(() => [...this.#board.outline.slots.keys()]);
  readonly #catch = $derived.by(() => (this.rule.by === "regex" ? catcher(this.rule.pattern) : () => ""));
  readonly #scheme: Scheme | null = $derived.by(() =>
    this.rule.by === "run"
      ? null
      : schemeOf(
          this.#began.map((run) => this.#value(run)),
          theme.dark,
          this.rule.by === "config",
        ),
  );
  /** Of groups, whatever the runs are coloured by. */
  readonly #groups: Scheme = $derived.by(() =>
    schemeOf(
      this.#began.map((run) => this.#groupOf(run)),
      theme.dark,
      false,
    ),
  );

  readonly all: ReadonlyMap<number, string> = $derived.by(() => {
    const { slots } = this.#board.outline;
    const colours = new Map<number, string>();
    for (const run of this.#began) {
      const colour = this.#scheme
        ? this.#scheme.colour(this.#value(run))
        : slotColour(slots.get(run) ?? 0, theme.dark);
      colours.set(run, this.#chosen.get(run) ?? colour);
    }
    return colours;
  });

  /** What people chose. */
  readonly #chosen = $derived.by(() => {
    const marked = marks.runs;
    const chosen = new Map<number, string>();
    for (const { id, name } of this.#board.outline.runs) {
      const colour = marked[name]?.colour;
      if (colour) chosen.set(id, fitted(colour, theme.dark));
    }
    return chosen;
  });

  get legend(): Legend | null {
    return this.#scheme?.legend ?? null;
  }

  ofGroup(values: readonly string[]): string {
    const { rule } = this;
    const at = rule.by === "config" ? this.#board.groupBy.indexOf(rule.key) : -1;
    if (at >= 0) return this.#scheme?.colour(values[at]) ?? nothingColour(theme.dark);
    return this.#groups.colour(groupKey(values));
  }

  #value(run: number): Setting {
    const { rule } = this;
    if (rule.by === "config") return this.#board.settingOf(run, rule.key);
    if (rule.by === "regex") return this.#catch(this.#board.names.get(run) ?? "");
    return this.#groupOf(run);
  }

  #groupOf(run: number): string {
    const keys = this.#board.groupBy;
    if (keys.length === 0) return this.#board.groupOf(run);
    return groupKey(keys.map((key) => this.#board.settingOf(run, key)));
  }
}
