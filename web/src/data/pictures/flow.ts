/** Where the pictures of a tag lie under its heading: runs side by side or, where each has several, one below another. */

export interface Box {
  left: number;
  top: number;
  width: number;
}

export interface Flow {
  /** Of one picture, in CSS pixels. */
  picture: { width: number; height: number };
  /** Of each run, in order. */
  boxAt: (place: number) => Box;
  height: number;
  /** The places of the runs that touch a stretch, first and behind the last. */
  between: (top: number, bottom: number) => [number, number];
}

/** What is known of a tag's pictures so far: pixels, and how many there are at once. */
export interface Shape {
  width: number;
  height: number;
  count: number;
}

const GAP = 14;
/** The run's name above, a caption below, air. */
const AROUND = 24 + 20 + 12;
/** A run's name and step want this much. */
const NARROWEST = 148;
const SQUARE: Shape = { width: 1, height: 1, count: 1 };
/** Wider or taller pictures are shown with bars. */
const OBLONG = 4;

/** `size`: of the longer side, CSS pixels; null: a pixel of a picture is one of the screen, `ratio` to a CSS pixel. */
export function flow(
  runs: number,
  across: number,
  shape: Shape = SQUARE,
  size: number | null,
  ratio = 1,
): Flow {
  const picture =
    size === null && shape !== SQUARE
      ? { width: shape.width / ratio, height: shape.height / ratio }
      : scaled(shape, size ?? NARROWEST);
  const wide = shape.count > 1 ? across : Math.max(NARROWEST, picture.width);
  const columns = shape.count > 1 ? 1 : Math.max(1, Math.floor((across + GAP) / (wide + GAP)));
  const tall = picture.height + AROUND;
  const rows = Math.ceil(runs / columns);
  const row = (y: number) => Math.max(0, Math.min(rows, Math.floor(y / tall)));
  return {
    picture,
    boxAt: (place) => ({
      left: (place % columns) * (wide + GAP),
      top: Math.floor(place / columns) * tall,
      width: wide,
    }),
    height: rows * tall,
    between: (top, bottom) =>
      bottom < 0 ? [0, 0] : [Math.min(runs, row(top) * columns), Math.min(runs, (row(bottom) + 1) * columns)],
  };
}

function scaled({ width, height }: Shape, size: number): { width: number; height: number } {
  const aspect = Math.max(1 / OBLONG, Math.min(OBLONG, width / height));
  return aspect >= 1
    ? { width: size, height: Math.round(size / aspect) }
    : { width: Math.round(size * aspect), height: size };
}
