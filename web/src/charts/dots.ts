/** Dots in a square: a cell of a scatter matrix. */

export interface Dot {
  /** From 0 to 1, from the left and from below. */
  x: number;
  y: number;
  colour: string;
  id: number;
}

const PAD = 8;

/** `size`: of the square, in canvas pixels. One dot may be marked by its `id`. */
export function paintDots(
  pen: CanvasRenderingContext2D,
  dots: readonly Dot[],
  size: number,
  ratio: number,
  marked: number | null,
): void {
  const pad = PAD * ratio;
  const inner = size - 2 * pad;
  const radius = (dots.length > 300 ? 2 : 3.5) * ratio;
  pen.clearRect(0, 0, size, size);
  const paint = (dot: Dot, r: number, alpha: number) => {
    pen.globalAlpha = alpha;
    pen.fillStyle = dot.colour;
    pen.beginPath();
    pen.arc(pad + dot.x * inner, pad + (1 - dot.y) * inner, r, 0, 2 * Math.PI);
    pen.fill();
  };
  for (const dot of dots) paint(dot, radius, dots.length > 300 ? 0.5 : 0.85);
  for (const dot of dots) if (dot.id === marked) paint(dot, 1.8 * radius, 1);
  pen.globalAlpha = 1;
}
