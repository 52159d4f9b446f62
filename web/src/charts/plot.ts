/** One chart on the page: uPlot draws axes and handles the pointer, `painting.ts` draws the curves between them. */

import uPlot from "uplot";
import type { CurveColumns } from "../api/columns";
import { type AxesKind, type AxisLook, axesFor, paddingFor } from "./axes";
import { countCurves, type Drawing, type Part, type Scene, type Size, sceneOf } from "./figure";
import { type Look, paintCurves, paintStrongly } from "./painting";
import type { Range } from "./range";
import { LINEAR, valueAt } from "./scale";
import { cancelPaint, paintSoon } from "./schedule";
import { type View, xAtShare, xPixel } from "./view";

/** What the page around a chart decides, asked anew at each painting. */
export interface Surroundings extends AxisLook, Look {
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
  /** A range of the y axes was dragged: values on the left one, and on the right one if there is one. */
  onZoomY(left: readonly [number, number], right: readonly [number, number] | null): void;
  onReset(): void;
  /** The pointer is to go to the next line above (−1) or below. */
  onStep(direction: 1 | -1): void;
}

/** Which curves are drawn strongly above the others. */
export interface Highlight {
  /** The same key, the same curves. */
  key: string;
  matches(curve: CurveColumns, part: Part): boolean;
}

/** Shared by all charts, which are painted one at a time: a chart shows its old curves until the new are complete. */
const scratch = document.createElement("canvas");

export class Plot {
  scene: Scene | null = null;
  #u: uPlot;
  #around: Surroundings;
  #events: PlotEvents;
  #curves: HTMLCanvasElement;
  #overlay: HTMLCanvasElement;
  #drawing: Drawing | null = null;
  #highlight: Highlight | null = null;
  #isRead = false;
  #hasRight: boolean;

  constructor(host: HTMLElement, size: Size, kind: AxesKind, around: Surroundings, events: PlotEvents) {
    this.#around = around;
    this.#events = events;
    this.#hasRight = kind.right !== null;
    this.#u = new uPlot(this.#options(size, kind), this.#data(), host);
    this.#curves = layer(this.#u, "curves");
    this.#overlay = layer(this.#u, "overlay");
    this.#listen(this.#u.over, around.label());
  }

  get range(): Range | null {
    return this.scene?.range ?? null;
  }

  get view(): View | null {
    return this.scene?.left ?? null;
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

  resize(size: Size): void {
    if (size.width === this.#u.width && size.height === this.#u.height) return;
    this.#u.setSize(size);
    if (this.#drawing) this.show(this.#drawing);
  }

  highlight(highlight: Highlight | null): void {
    if (highlight?.key === this.#highlight?.key) return;
    this.#highlight = highlight;
    this.#paintOverlay();
  }

  /** Put the vertical line where another chart's pointer is, or take it away; CSS pixels from the left, or null. */
  follow(x: number | null): number | null {
    const { view } = this;
    const left = x === null || !view ? -10 : xPixel(view, x) / view.ratio;
    const inside = view !== null && left >= 0 && left <= view.width / view.ratio;
    this.#u.setCursor({ left: inside ? left : -10, top: inside ? 0 : -10 }, false);
    return inside ? left : null;
  }

  /** Put the pointer's height, in canvas pixels from the top, as the arrow keys do. */
  moveTo(py: number): void {
    this.#u.setCursor({ left: this.#u.cursor.left ?? 0, top: py / uPlot.pxRatio });
  }

  /** CSS pixels from the left edge to where the plot between the axes begins. */
  get left(): number {
    return this.#u.bbox.left / uPlot.pxRatio;
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
    // uPlot asks which way a drag goes whenever the pointer moves.
    over.addEventListener("mousedown", (event) => this.#chooseDrag(event.shiftKey), { capture: true });
    over.addEventListener("click", () => this.#events.onClick());
    over.addEventListener("keydown", (event) => this.#onKey(event, over));
  }

  #chooseDrag(upwards: boolean): void {
    const { drag } = this.#u.cursor;
    if (drag) Object.assign(drag, { x: !upwards, y: upwards });
  }

  #onKey(event: KeyboardEvent, over: HTMLElement): void {
    const width = over.clientWidth;
    const { left = -10, top = over.clientHeight / 2 } = this.#u.cursor;
    const start = left < 0 ? width / 2 : left;
    const stride = event.shiftKey ? 20 : 1;
    const to: Record<string, number> = {
      ArrowRight: start + stride,
      ArrowLeft: start - stride,
      Home: 0,
      End: width - 1,
    };
    if (event.key in to) {
      this.#isRead = true;
      const height = top < 0 ? over.clientHeight / 2 : top;
      this.#u.setCursor({ left: Math.max(0, Math.min(width - 1, to[event.key])), top: height });
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      this.#isRead = true;
      if (left < 0) this.#u.setCursor({ left: start, top: over.clientHeight / 2 });
      this.#events.onStep(event.key === "ArrowUp" ? -1 : 1);
    } else if (event.key === "Enter") this.#events.onClick();
    else return;
    event.preventDefault();
  }

  *#paint(drawing: Drawing): Generator<void, void> {
    const { width, height } = this.#u.bbox;
    const size = { width: Math.round(width), height: Math.round(height) };
    const scene = sceneOf(drawing, size, uPlot.pxRatio);
    const pen = prepare(scratch, size.width, size.height);
    for (const _ of paintCurves(pen, drawing, scene, this.#around)) {
      finish(pen);
      yield;
    }
    this.scene = scene;
    this.#u.setData(this.#data());
    this.#place(this.#curves, scene.left).drawImage(scratch, 0, 0);
    this.#paintOverlay();
    this.#events.onPainted(drawing);
  }

  #paintOverlay(): void {
    const [scene, drawing, highlight] = [this.scene, this.#drawing, this.#highlight];
    const found: [Part, CurveColumns][] = [];
    if (drawing && highlight && countCurves(drawing) > 1) {
      for (const part of drawing.parts)
        for (const curve of part.chart.curves) if (highlight.matches(curve, part)) found.push([part, curve]);
    }
    this.#curves.classList.toggle("dimmed", found.length > 0);
    if (!scene || !drawing) return;
    const pen = this.#place(this.#overlay, scene.left);
    for (const [part, curve] of found.reverse())
      paintStrongly(pen, drawing, scene, this.#around, part, curve);
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

  /** uPlot is given nothing but where its axes begin and end. */
  #data(): uPlot.AlignedData {
    const x = this.#ends("x");
    return this.#hasRight ? [x, [null, null], [null, null]] : [x, [null, null]];
  }

  #ends(axis: "x" | "left" | "right"): [number, number] {
    if (!this.scene) return [0, 1];
    if (axis === "x") return [this.scene.left.x0, this.scene.left.x1];
    const view = (axis === "right" && this.scene.right) || this.scene.left;
    return [view.y0, view.y1];
  }

  #options(size: Size, kind: AxesKind): uPlot.Options {
    const mapping = (right: boolean) => (right ? this.scene?.right : this.scene?.left)?.y ?? LINEAR;
    const nothing = { points: { show: false }, paths: () => null };
    return {
      ...size,
      padding: paddingFor(kind),
      legend: { show: false },
      series: [{}, nothing, ...(this.#hasRight ? [{ ...nothing, scale: "right" }] : [])],
      scales: {
        x: { time: kind.axis === "wall" && !kind.other && !kind.xLog, range: () => this.#ends("x") },
        y: { range: () => this.#ends("left") },
        ...(this.#hasRight ? { right: { range: () => this.#ends("right") } } : {}),
      },
      axes: axesFor(kind, this.#around, mapping),
      cursor: {
        y: false,
        points: { show: false },
        drag: { x: true, y: false, setScale: false, dist: 4 },
        bind: {
          dblclick: () => () => {
            this.#events.onReset();
            return null;
          },
        },
      },
      hooks: {
        // uPlot tells of a cursor that `follow` has set, too, whenever it draws.
        setCursor: [(u) => this.#isRead && this.#events.onMove(this.#pointer(u))],
        setSelect: [(u) => this.#select(u)],
      },
    };
  }

  #select(u: uPlot): void {
    const { left, top, width, height } = u.select;
    const upwards = u.cursor.drag?.y === true;
    if ((upwards ? height : width) < 2 || !this.scene) return; // our own clearing
    u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    if (upwards) {
      const shares = [1 - (top + height) / u.over.clientHeight, 1 - top / u.over.clientHeight];
      const { left: first, right } = this.scene;
      this.#events.onZoomY(rangeOf(first, shares), right && rangeOf(right, shares));
    } else {
      const at = (pixels: number) => xAtShare(this.scene?.left as View, pixels / u.over.clientWidth);
      this.#events.onZoom(at(left), at(left + width));
    }
  }

  #pointer(u: uPlot): Pointer | null {
    const { left = -1, top = -1 } = u.cursor;
    if (left < 0 || !this.scene) return null;
    return { x: xAtShare(this.scene.left, left / u.over.clientWidth), py: top * uPlot.pxRatio, left };
  }
}

/** The values at two shares of a view's height, from below. */
function rangeOf(view: View, [low, high]: readonly number[]): [number, number] {
  const at = (share: number) => valueAt(view.y, view.y0 + share * (view.y1 - view.y0));
  return [at(low), at(high)];
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
