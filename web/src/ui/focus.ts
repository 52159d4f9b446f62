/** For `{@attach focused}`: the cursor goes there, also in a dialog that is about to open. */
export function focused(node: HTMLElement): void {
  setTimeout(() => node.focus());
}
