/** What the sections of a comparison are given. */

import type { RunDetail } from "../../api/types";

export interface Compared {
  /** In the order in which they stand. */
  runs: readonly { id: number; name: string; shown: string }[];
  /** The id of the one that the others are compared with. */
  base: number;
  /** Of each run, in the same order. */
  details: readonly RunDetail[];
}
