/** A chart as a picture or a table. */

import { fetchSeries, fetchTable } from "../../api/client";
import type { ChartColumns } from "../../api/columns";
import type { Drawing } from "../../charts/figure";
import { paintSheet, type Sheet, type SheetLook, sheetHeight, type TextPen, WIDTH } from "../../charts/sheet";
import { SvgPen } from "../../charts/svg";
import type { Dashboard } from "../../data/dashboard.svelte";
import { words } from "../../i18n/areas/charts";
import { i18n } from "../../i18n/index.svelte";
import type { Chart } from "./chart.svelte";
import type { ExportFormat } from "./exporting";
import { curveColour, lineName } from "./naming";

/** Pixels of a PNG to one of the sheet. */
const DENSITY = 2;
const LONGEST_MS = 60_000;

export async function fileOf(
  board: Dashboard,
  chart: Chart,
  title: string,
  format: ExportFormat,
): Promise<Blob> {
  if (format === "csv") return fetchTable(chart.requests);
  const sheet = sheetOf(board, await finer(chart), title);
  const look = lookOf(board, sheet);
  if (format === "svg") {
    const pen = new SvgPen();
    paintSheet(pen, sheet, look);
    return new Blob([pen.document(WIDTH, sheetHeight(sheet, look), title)], { type: "image/svg+xml" });
  }
  return picture(sheet, look);
}

/** The drawing with as many columns as a sheet has room for, whatever the size of the chart on the page. */
async function finer(chart: Chart): Promise<Drawing> {
  const { drawing, requests } = chart;
  if (!drawing) throw new Error(words.t.nothingDrawn);
  const asked = requests.map((request) => ({ ...request, columns: Math.max(request.columns ?? 0, WIDTH) }));
  const answers = new Map<string, ChartColumns>();
  for await (const answer of fetchSeries(asked, AbortSignal.timeout(LONGEST_MS)))
    if (answer.error === null) answers.set(answer.tag, answer);
  return {
    ...drawing,
    parts: drawing.parts.map((part) => ({ ...part, chart: answers.get(part.name) ?? part.chart })),
  };
}

function sheetOf(board: Dashboard, drawing: Drawing, title: string): Sheet {
  const several = drawing.parts.length > 1;
  const names = (right: boolean) =>
    drawing.parts
      .filter((part) => part.right === right)
      .map((part) => part.name)
      .join(", ");
  const legend = drawing.parts.flatMap((part) =>
    part.chart.curves.map((curve) => ({
      name: lineName(board, part, curve, several),
      colour: curveColour(board, drawing.parts, part, curve),
      part: part.number,
    })),
  );
  return {
    title,
    xName: drawing.x || words.t.axisNames[drawing.axis],
    leftName: names(false) === title ? "" : names(false),
    rightName: names(true),
    legend,
    more: "…",
    drawing,
  };
}

function lookOf(board: Dashboard, sheet: Sheet): SheetLook {
  const css = getComputedStyle(document.documentElement);
  const value = (name: string) => css.getPropertyValue(name);
  const pen = document.createElement("canvas").getContext("2d") as CanvasRenderingContext2D;
  const { parts } = sheet.drawing;
  return {
    format: () => i18n.format,
    colour: (curve, part) => curveColour(board, parts, part, curve),
    surface: () => value("--surface"),
    text: () => value("--text"),
    muted: () => value("--muted"),
    grid: () => value("--grid"),
    fontFamily: "system-ui, sans-serif",
    measure(text, font) {
      pen.font = font;
      return pen.measureText(text).width;
    },
  };
}

async function picture(sheet: Sheet, look: SheetLook): Promise<Blob> {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH * DENSITY;
  canvas.height = sheetHeight(sheet, look) * DENSITY;
  const pen = canvas.getContext("2d") as CanvasRenderingContext2D;
  pen.scale(DENSITY, DENSITY);
  const within: TextPen["within"] = (left, top, width, height, paint) => {
    pen.save();
    pen.beginPath();
    pen.rect(left, top, width, height);
    pen.clip();
    pen.translate(left, top);
    paint();
    pen.restore();
  };
  paintSheet(Object.assign(pen, { within }), sheet, look);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png"),
  );
}
