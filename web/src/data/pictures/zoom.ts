/** Zooming and panning: which part of a picture is seen in a window, so that several windows see the same part. */

/** `scale`: CSS pixels for a picture's pixel; (x, y): the point of the picture in the middle of the window. */
export interface Zoom {
  scale: number;
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

export const LEAST = 1 / 64;
export const MOST = 128;

/** All of the picture, as large as it goes; small ones no larger than `most`. */
export function fitting(picture: Size, window: Size, most = MOST): Zoom {
  const scale = Math.min(window.width / picture.width, window.height / picture.height, most);
  return { scale: clamp(scale), x: picture.width / 2, y: picture.height / 2 };
}

/** Zoom by a factor around a point of the window, which stays where it is. */
export function zoomAt(zoom: Zoom, factor: number, at: { x: number; y: number }, window: Size): Zoom {
  const scale = clamp(zoom.scale * factor);
  const dx = at.x - window.width / 2;
  const dy = at.y - window.height / 2;
  return {
    scale,
    x: zoom.x + dx / zoom.scale - dx / scale,
    y: zoom.y + dy / zoom.scale - dy / scale,
  };
}

/** Move what is seen by CSS pixels; the picture's middle never leaves the window by more than its half. */
export function pan(zoom: Zoom, dx: number, dy: number, picture: Size): Zoom {
  return {
    scale: zoom.scale,
    x: Math.max(0, Math.min(picture.width, zoom.x - dx / zoom.scale)),
    y: Math.max(0, Math.min(picture.height, zoom.y - dy / zoom.scale)),
  };
}

/** Where the picture's top left corner lies in the window. */
export function corner(zoom: Zoom, window: Size): { x: number; y: number } {
  return { x: window.width / 2 - zoom.x * zoom.scale, y: window.height / 2 - zoom.y * zoom.scale };
}

/** The picture's pixel under a point of the window; null outside of the picture. */
export function pixelAt(zoom: Zoom, at: { x: number; y: number }, window: Size, picture: Size) {
  const x = Math.floor(zoom.x + (at.x - window.width / 2) / zoom.scale);
  const y = Math.floor(zoom.y + (at.y - window.height / 2) / zoom.scale);
  return x >= 0 && y >= 0 && x < picture.width && y < picture.height ? { x, y } : null;
}

const clamp = (scale: number) => Math.max(LEAST, Math.min(MOST, scale));
