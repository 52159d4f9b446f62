/** One chart on the page: uPlot draws axes and handles the pointer, `paint.ts` draws the curves between them. */

import uPlot from "uplot";
import type { ChartColumns } from "../api/columns";
import type { Axis } from "../api/types";
import type { Format } from "../i18n/format";
import { paintEnvelope, paintLine, paintMarks, styleFor } from "./paint";
import { type Range, yRange } from "./range";
import { cancelPaint, paintSoon } from "./schedule";
import { DURATIONS, logTicks, STEPS } from "./ticks";
import type { View } from "./view";

/** What the page around a chart decides, asked anew at each painting. */
export interface Surroundings {
  format(): Format;
  text(): string;
  grid(): string;
  colour(run: number): string;
  /** Behind the curves. */
  surface(): string;
  /** The chart's name, for those who cannot see it. */
  label(): string;
}

export interface Pointer {
  /** On the x axis. */
  x: number;
  /** Canvas pixels from the top. */
  py: number;
  /** CSS pixels from the plot's left edge. */
  left: number;
}

export interface PlotEvents {
  /** The drawing can be seen. */
  onPainted(drawing: Drawing): void;
  onMove(pointer: Pointer | null): void;
  onClick(): void;
  onZoom(start: number, stop: number): void;
  onReset(): void;
}

export interface Drawing {
  chart: ChartColumns;
  log: boolean;
  ignoreOutliers: boolean;
  zoom: readonly [number, number] | null;
}

const Y_AXIS = 52;
const X_AXIS = 24;
const RIGHT = 14;

/** CSS pixels between the axes of a chart that is `width` wide. */
export function plotWidth(width: number): number {
  return Math.max(1, width - Y_AXIS - RIGHT);
}

/** Shared by all charts, which are painted one at a time: a chart shows its old curves until the new are complete. */
const scratch = document.createElement("canvas");

export class Plot {
  view: View | null = null;
  range: Range | null = null;
  #u: uPlot;
  #around: Surroundings;
  #events: PlotEvents;
  #curves: HTMLCanvasElement;
  #overlay: HTMLCanvasElement;
  #drawing: Drawing | null = null;
  #highlighted: number | null = null;
  #isRead = false;
  /** Where an axis stands before and after the next painting: uPlot asks for it. */
  #x: [number, number] = [0, 1];
  #y: [number, number] = [0, 1];

  constructor(
    host: HTMLElement,
    size: { width: number; height: number },
    axis: Axis,
    log: boolean,
    around: Surroundings,
    events: PlotEvents,
  ) {
    this.#around = around;
    this.#events = events;
    this.#u = new uPlot(
      this.#options(size, axis, log, events),
      [
        [0, 1],
        [null, null],
      ],
      host,
    );
    this.#curves = layer(this.#u, "curves");
    this.#overlay = layer(this.#u, "overlay");
    this.#listen(this.#u.over, around.label());
  }

  /** Paint `drawing`, soon. */
  show(drawing: Drawing): void {
    this.#drawing = drawing;
    paintSoon(this, this.#paint(drawing));
  }

  /** Axes, text and colours again, after a change of theme or language. */
  repaint(): void {
    this.#u.redraw();
    if (this.#drawing) this.show(this.#drawing);
  }

  resize(size: { width: number; height: number }): void {
    if (size.width === this.#u.width && size.height === this.#u.height) return;
    this.#u.setSize(size);
    if (this.#drawing) this.show(this.#drawing);
  }

  /** Draw one run strongly above the others, or none. */
  highlight(run: number | null): void {
    if (run === this.#highlighted) return;
    this.#highlighted = run;
    this.#paintOverlay();
  }

  /** Put the vertical line where another chart's pointer is, or take it away. */
  follow(x: number | null): void {
    const view = this.view;
    const left =
      x === null || !view ? -10 : ((x - view.x0) / (view.x1 - view.x0)) * (view.width / view.ratio);
    const inside = view && left >= 0 && left <= view.width / view.ratio;
    this.#u.setCursor({ left: inside ? left : -10, top: inside ? 0 : -10 }, false);
  }

  /** The plot between the axes, on the screen. */
  get rect(): DOMRect {
    return this.#u.over.getBoundingClientRect();
  }

  destroy(): void {
    cancelPaint(this);
    this.#u.destroy();
  }

  /** Which chart is read: the one under the pointer, or the one with the keyboard's focus. */
  #listen(over: HTMLElement, label: string): void {
    over.tabIndex = 0;
    over.role = "application"; // arrow keys read the curves
    over.ariaLabel = label;
    over.addEventListener("mouseenter", () => {
      this.#isRead = true;
    });
    over.addEventListener("mouseleave", () => {
      this.#isRead = false; // uPlot's own listener comes first and has put the cursor away
    });
    over.addEventListener("blur", () => {
      if (over.matches(":hover")) return;
      this.#u.setCursor({ left: -10, top: -10 });
      this.#isRead = false;
    });
    over.addEventListener("click", () => this.#events.onClick());
    over.addEventListener("keydown", (event) => this.#onKey(event, over));
  }

  #onKey(event: KeyboardEvent, over: HTMLElement): void {
    const stride =
      (event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0) * (event.shiftKey ? 20 : 1);
    if (stride !== 0) {
      const { left = -10 } = this.#u.cursor;
      const width = over.clientWidth;
      this.#isRead = true;
      const start = left < 0 ? width / 2 : left;
      this.#u.setCursor({
        left: Math.max(0, Math.min(width - 1, start + stride)),
        top: over.clientHeight / 2,
      });
    } else if (event.key === "Enter") this.#events.onClick();
    else return;
    event.preventDefault();
  }

  *#paint(drawing: Drawing): Generator<void, void> {
    const { chart, log, ignoreOutliers, zoom } = drawing;
    const range = yRange(chart, log, ignoreOutliers);
    const view = this.#viewOf(chart, zoom, log, range);
    const pen = prepare(scratch, view.width, view.height);
    const runs = chart.curves.length;
    // All envelopes lie below all lines; the first run lies on top.
    for (const layer of [paintEnvelope, paintLine]) {
      for (let i = runs - 1; i >= 0; i--) {
        const curve = chart.curves[i];
        layer(pen, chart, curve, view, styleFor(this.#around.colour(curve.run), runs));
        if (i % 8 === 7) {
          finish(pen);
          yield;
        }
      }
    }
    for (const curve of chart.curves)
      paintMarks(pen, curve, view, this.#around.colour(curve.run), this.#around.surface());
    this.view = view;
    this.range = range;
    this.#x = [view.x0, view.x1];
    this.#y = [view.y0, view.y1];
    this.#u.setData([this.#x, [null, null]]);
    this.#place(this.#curves, view).drawImage(scratch, 0, 0);
    this.#paintOverlay();
    this.#events.onPainted(drawing);
  }

  #paintOverlay(): void {
    const { view } = this;
    const chart = this.#drawing?.chart;
    const several = (chart?.curves.length ?? 0) > 1;
    const curve = several ? chart?.curves.find((c) => c.run === this.#highlighted) : undefined;
    this.#curves.classList.toggle("dimmed", curve !== undefined);
    if (!view || !chart) return;
    const pen = this.#place(this.#overlay, view);
    if (!curve) return;
    const colour = this.#around.colour(curve.run);
    const style = { ...styleFor(colour, 1), width: 2.2 };
    paintEnvelope(pen, chart, curve, view, style);
    paintLine(pen, chart, curve, view, style);
    paintMarks(pen, curve, view, colour, this.#around.surface());
  }

  #viewOf(chart: ChartColumns, zoom: Drawing["zoom"], log: boolean, range: Range | null): View {
    let [x0, x1] = zoom ?? [chart.start, chart.stop];
    if (x0 === x1) [x0, x1] = [x0 - 0.5, x1 + 0.5];
    const { width, height } = this.#u.bbox;
    const [y0, y1] = range ? [range.min, range.max] : [0, 1];
    return {
      x0,
      x1,
      y0,
      y1,
      log,
      width: Math.round(width),
      height: Math.round(height),
      ratio: uPlot.pxRatio,
    };
  }

  #place(canvas: HTMLCanvasElement, view: View): CanvasRenderingContext2D {
    const { left, top } = this.#u.bbox;
    const css = (pixels: number) => `${pixels / view.ratio}px`;
    Object.assign(canvas.style, {
      left: css(left),
      top: css(top),
      width: css(view.width),
      height: css(view.height),
    });
    return prepare(canvas, view.width, view.height);
  }

  #options(
    size: { width: number; height: number },
    axis: Axis,
    log: boolean,
    events: PlotEvents,
  ): uPlot.Options {
    const { text, grid } = this.#around;
    const format = () => this.#around.format();
    const common = { stroke: text, font: `11px ${getComputedStyle(document.body).fontFamily}` };
    const line = { show: true, stroke: grid, width: 1 / uPlot.pxRatio };
    const xAxis: uPlot.Axis = {
      ...common,
      ...(axis === "step" ? { incrs: STEPS } : axis === "relative" ? { incrs: DURATIONS } : {}),
      size: X_AXIS,
      gap: 3,
      space: axis === "wall" ? 68 : 54,
      grid: { show: false },
      ticks: { ...line, size: 4 },
      border: line,
      values: (_, splits, __, ___, stride) => splits.map((value) => xTick(format(), axis, value, stride)),
    };
    const yAxis: uPlot.Axis = {
      ...common,
      size: Y_AXIS,
      gap: 5,
      space: 32,
      grid: line,
      ticks: { show: false },
      ...(log
        ? { splits: (u, _, min, max) => logTicks(min, max, Math.max(2, u.bbox.height / uPlot.pxRatio / 32)) }
        : {}),
      values: (_, splits, __, ___, stride) => {
        const largest = Math.max(...splits.map(Math.abs));
        if (!log) return splits.map((value) => format().tick(value, stride, largest));
        const values = splits.map((value) => 10 ** value);
        return values.map((value, i) => format().tick(value, i > 0 ? value - values[i - 1] : value));
      },
    };
    return {
      ...size,
      padding: [8, RIGHT, 0, 0],
      legend: { show: false },
      series: [{}, { points: { show: false }, paths: () => null }],
      scales: {
        x: { time: axis === "wall", range: () => this.#x },
        y: { range: () => this.#y },
      },
      axes: [xAxis, yAxis],
      cursor: {
        y: false,
        points: { show: false },
        drag: { x: true, y: false, setScale: false, dist: 4 },
        bind: {
          dblclick: () => () => {
            events.onReset();
            return null;
          },
        },
      },
      hooks: {
        // uPlot tells of a cursor that `follow` has set, too, whenever it draws.
        setCursor: [(u) => this.#isRead && events.onMove(this.#pointer(u))],
        setSelect: [
          (u) => {
            const { left, width } = u.select;
            if (width < 2) return; // our own clearing
            u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            events.onZoom(u.posToVal(left, "x"), u.posToVal(left + width, "x"));
          },
        ],
      },
    };
  }

  #pointer(u: uPlot): Pointer | null {
    const { left = -1, top = -1 } = u.cursor;
    return left < 0 ? null : { x: u.posToVal(left, "x"), py: top * uPlot.pxRatio, left };
  }
}

function xTick(format: Format, axis: Axis, value: number, stride: number): string {
  if (axis === "relative") return format.durationTick(value, stride);
  return axis === "wall" ? format.timeTick(value, stride) : format.stepTick(value, stride);
}

function layer(u: uPlot, name: string): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.className = `layer ${name}`;
  u.over.before(canvas);
  return canvas;
}

/** Browsers put drawing off; reading a pixel makes them do it now, so that a slice of painting takes as long as it seems. */
function finish(pen: CanvasRenderingContext2D): void {
  pen.getImageData(0, 0, 1, 1);
}

/** A cleared pen on a canvas of that many pixels. Setting a size clears, so it is set once. */
function prepare(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const pen = canvas.getContext("2d", { willReadFrequently: canvas === scratch }) as CanvasRenderingContext2D;
  if (canvas.width === width && canvas.height === height) pen.clearRect(0, 0, width, height);
  else Object.assign(canvas, { width, height });
  return pen;
}
