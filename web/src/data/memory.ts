/**
 * What the browser keeps of a person's choices. In a frame of another site, a notebook's or an editor's, it may
 * refuse even to be asked: then nothing is kept, and the page works all the same.
 */

export function recall(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Refused, or full.
  }
}
