/** Where the pictures of histograms lie: sections of tags, and for each tag a cell a run, or one for all of them. */

export interface Tagged {
  name: string;
  runs: readonly number[];
}

export interface Group {
  /** The section that a heading is of; null for a tag. */
  section: string | null;
  /** Its tags. */
  count: number;
  tag: string;
  runs: readonly number[];
  top: number;
  height: number;
  cells: readonly { left: number; top: number }[];
}

export const HEADING = 40;
export const GAP = 12;

export interface Cell {
  columns: number;
  width: number;
  height: number;
}

/** As many cells beside each other as are at least `least` wide; whole groups of `many`, if one fits. */
export function cellOf(width: number, least: number, height: number, many = 1): Cell {
  const fit = Math.max(1, Math.floor((width + GAP) / (least + GAP)));
  const columns = many <= fit ? fit - (fit % many) : fit;
  return { columns, width: (width - GAP * (columns - 1)) / columns, height };
}

/** `tags` in order. The cells of neighbouring tags share lines; a tag that does not fit into its line begins another. */
export function laidOut(
  tags: readonly Tagged[],
  cell: Cell,
  together: boolean,
  isOpen: (section: string) => boolean,
): Group[] {
  const groups: Group[] = [];
  let top = 0;
  let column = 0;
  let section: string | null = null;
  const counts = new Map<string, number>();
  for (const { name } of tags) counts.set(sectionOf(name), (counts.get(sectionOf(name)) ?? 0) + 1);
  const breakLine = () => {
    if (column > 0) top += cell.height + GAP;
    column = 0;
  };
  for (const { name, runs } of tags) {
    const mine = sectionOf(name);
    if (mine !== section) {
      breakLine();
      section = mine;
      const count = counts.get(mine) ?? 0;
      groups.push({ section: mine, count, tag: "", runs: [], top, height: HEADING, cells: [] });
      top += HEADING;
    }
    if (!isOpen(mine)) continue;
    const many = together ? 1 : runs.length;
    if (column > 0 && column + many > cell.columns) breakLine();
    const start = top;
    const cells: { left: number; top: number }[] = [];
    for (let i = 0; i < many; i++) {
      cells.push({ left: column * (cell.width + GAP), top: top - start });
      column++;
      if (column === cell.columns && i < many - 1) breakLine();
    }
    groups.push({
      section: null,
      count: 0,
      tag: name,
      runs,
      top: start,
      height: top - start + cell.height,
      cells,
    });
    if (column === cell.columns) breakLine();
  }
  return groups;
}

export function heightOf(groups: readonly Group[]): number {
  return groups.reduce((most, group) => Math.max(most, group.top + group.height), 0) + GAP;
}

/** What stands before the first slash. */
export function sectionOf(tag: string): string {
  const slash = tag.indexOf("/");
  return slash > 0 ? tag.slice(0, slash) : "";
}
