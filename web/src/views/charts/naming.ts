/** What the curves of a chart are called, and which colour they have. */

import type { ChartColumns, CurveColumns } from "../../api/columns";
import type { Part } from "../../charts/figure";
import type { Card } from "../../data/card";
import { slotColour } from "../../data/colours";
import type { Dashboard } from "../../data/dashboard.svelte";
import { settingText } from "../../data/grouping";
import { theme } from "../../data/theme.svelte";
import { words } from "../../i18n/areas/charts";
import { i18n } from "../../i18n/index.svelte";

/** The chart's own, else what it draws. */
export function cardTitle(card: Card): string {
  return card.title || card.drawn.map((one) => one.y).join(", ");
}

/** Of the run, or the group; with the rank and whether it was replaced. */
export function curveName(board: Dashboard, chart: ChartColumns, curve: CurveColumns): string {
  const { t } = words;
  const group = curve.group === null ? null : chart.groups?.[curve.group];
  if (group) {
    const values = group.values.map((value) => settingText(value) || t.noGroup).join(" · ");
    return `${values} (${t.runsOf(group.runs.length, i18n.format.count(group.runs.length))})`;
  }
  const name = board.names.get(curve.run) ?? "";
  if (curve.rank !== null) return `${name} · ${t.rank(String(curve.rank))}`;
  return curve.superseded ? `${name} · ${t.superseded}` : name;
}

/** As `curveName`, followed by what is drawn where a chart draws several things. */
export function lineName(board: Dashboard, part: Part, curve: CurveColumns, several: boolean): string {
  const name = curveName(board, part.chart, curve);
  return several ? `${name} · ${part.name}` : name;
}

/** Of several things drawn of one run alone, each has a colour of its own; otherwise all of a run have the run's. */
export function curveColour(
  board: Dashboard,
  parts: readonly Part[],
  part: Part,
  curve: CurveColumns,
): string {
  if (curve.group !== null) return board.groupColour(part.chart.groups?.[curve.group]?.values ?? []);
  const own = board.colours.get(curve.run);
  if (part.number > 0 && hasOneRun(parts)) {
    const slot = board.outline.slots.get(curve.run) ?? 0;
    const [colour, next] = [0, 1].map((more) =>
      slotColour((slot + part.number + more) % PALETTE, theme.dark),
    );
    return colour === own ? next : colour;
  }
  return own ?? "#888888";
}

const PALETTE = 10;

function hasOneRun(parts: readonly Part[]): boolean {
  let run: number | null = null;
  for (const { chart } of parts) {
    for (const curve of chart.curves) {
      if (run !== null && run !== curve.run) return false;
      run = curve.run;
    }
  }
  return run !== null;
}
