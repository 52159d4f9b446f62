/** Undo and redo, with a word of what that was. */

import type { ViewName } from "../../data/address";
import type { Dashboard } from "../../data/dashboard.svelte";
import type { Deed } from "../../data/deeds";
import { words } from "../../i18n/areas/grid";
import { i18n } from "../../i18n/index.svelte";
import { toasts } from "../../ui/toasts.svelte";

export function undo(board: Dashboard): void {
  const deed = board.undo();
  if (deed) toasts.show(words.t.undone(phrase(board, deed)), { text: words.t.redo, run: () => redo(board) });
  else toasts.show(words.t.nothingToUndo);
}

export function redo(board: Dashboard): void {
  const deed = board.redo();
  if (deed) toasts.show(words.t.redone(phrase(board, deed)), { text: words.t.undo, run: () => undo(board) });
  else toasts.show(words.t.nothingToRedo);
}

function phrase(board: Dashboard, { kind, name }: Deed): string {
  if (kind === "view") return words.t.said.view(i18n.t.viewNames[name as ViewName]);
  const card = board.card(name);
  return words.t.said[kind](card.title ?? card.drawn.map((one) => one.y).join(", "));
}
