/** What can be done with runs, from the list as from the table. */

import type { Dashboard } from "../../data/dashboard.svelte";
import { type Fields, setting } from "../../data/edits";
import { MarkEdits } from "../../data/markedits.svelte";
import { shortName } from "../../data/names";
import { NONE, tick } from "../../data/selection";
import { words } from "../../i18n/areas/runs";
import { i18n } from "../../i18n/index.svelte";
import type { MenuItem, Spot } from "../../ui/Menu.svelte";
import { toasts } from "../../ui/toasts.svelte";

export type What = "name" | "note" | "tags" | "group" | "colour";
type DoneWords = (typeof words.t)["done"];

export class Editing {
  /** The dialog that is open, and whom it is about. */
  dialog = $state.raw<{ what: What; runs: readonly number[] } | null>(null);
  /** The menu that is open at a point. */
  menu = $state.raw<{ at: Spot; label: string; groups: MenuItem[][] } | null>(null);
  /** Groups and colours are being chosen. */
  arranging = $state(false);
  readonly edits: MarkEdits;
  readonly #board: Dashboard;

  constructor(board: Dashboard) {
    this.#board = board;
    this.edits = new MarkEdits(
      (run) => board.names.get(run) ?? "",
      () => words.t,
      (text, action) => toasts.show(text, action),
    );
  }

  open(what: What, runs: readonly number[]): void {
    this.edits.problem = "";
    if (runs.length > 0) this.dialog = { what, runs: [...runs] };
  }

  openMenu(at: Spot, runs: readonly number[]): void {
    if (runs.length === 0) return;
    this.menu = { at, label: words.t.actions(this.describe(runs)), groups: this.actions(runs) };
  }

  /** Of several runs how many, of one its name. */
  describe(runs: readonly number[]): string {
    if (runs.length !== 1) return words.t.runsOf(runs.length, i18n.format.count(runs.length));
    return this.#board.titleOf(this.#name(runs[0]));
  }

  set(runs: readonly number[], fields: Fields, done: keyof DoneWords): Promise<boolean> {
    return this.edits.do(setting(runs, this.edits.markOf, fields), (n) => words.t.done[done](n));
  }

  pin(runs: readonly number[], on = !this.#all(runs, "pinned")): void {
    this.set(runs, { pinned: on }, on ? "pinned" : "unpinned");
  }

  archive(runs: readonly number[], on = !this.#all(runs, "archived")): void {
    this.set(runs, { archived: on }, on ? "archived" : "unarchived");
  }

  openRun(run: number): void {
    this.#board.show("run", { "run.name": shortName(this.#name(run)) });
  }

  compare(runs: readonly number[]): void {
    const names = runs.map((run) => shortName(this.#name(run)));
    this.#board.show("compare", { "compare.runs": names.join(".") });
  }

  /** Draw these runs alone, or all but these, or these too. */
  only(runs: readonly number[]): void {
    this.#board.change({ selection: tick(NONE, this.#names(runs), true) });
  }

  tick(runs: readonly number[], on: boolean): void {
    this.#board.change({ selection: tick(this.#board.settings.selection, this.#names(runs), on) });
  }

  actions(runs: readonly number[]): MenuItem[][] {
    const { t } = words;
    const one = runs.length === 1;
    const first: MenuItem[] = one
      ? [{ text: t.open, icon: "run", hint: "Enter", onselect: () => this.openRun(runs[0]) }]
      : [
          {
            text: t.compareSome(i18n.format.count(runs.length)),
            icon: "compare",
            onselect: () => this.compare(runs),
          },
        ];
    return [
      [...first, { text: t.only, icon: "charts", onselect: () => this.only(runs) }],
      [
        ...(one
          ? [{ text: t.rename, icon: "edit", hint: "F2", onselect: () => this.open("name", runs) } as const]
          : []),
        { text: t.note, icon: "text", onselect: () => this.open("note", runs) },
        { text: t.tags, icon: "tag", onselect: () => this.open("tags", runs) },
        { text: t.group, icon: "layers", onselect: () => this.open("group", runs) },
        { text: t.colour, icon: "palette", onselect: () => this.open("colour", runs) },
      ],
      [
        {
          text: this.#all(runs, "pinned") ? t.unpin : t.pin,
          icon: "pin",
          onselect: () => this.pin(runs),
        },
        {
          text: this.#all(runs, "archived") ? t.unarchive : t.archive,
          icon: "archive",
          onselect: () => this.archive(runs),
        },
        ...(one
          ? [
              {
                text: t.copyName,
                icon: "link",
                onselect: () => navigator.clipboard.writeText(this.#name(runs[0])),
              } as const,
            ]
          : []),
      ],
    ];
  }

  #all(runs: readonly number[], field: "pinned" | "archived"): boolean {
    return runs.every((run) => this.edits.markOf(run)[field]);
  }

  #name = (run: number) => this.#board.names.get(run) ?? "";
  #names = (runs: readonly number[]) => runs.map(this.#name);
}

const known = new WeakMap<Dashboard, Editing>();

/** One for the page, so that what one part did can be undone from another. */
export function editingOf(board: Dashboard): Editing {
  const editing = known.get(board) ?? new Editing(board);
  known.set(board, editing);
  return editing;
}
