/** Matches beside the page: an expression that somebody logged may take for ever. */

import { fits } from "./patterns";

self.onmessage = (event: MessageEvent<{ patterns: string[]; names: string[] }>) => {
  postMessage(fits(event.data.patterns, event.data.names));
};
