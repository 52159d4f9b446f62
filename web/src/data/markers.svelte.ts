/** What happened to the runs that are shown, at places of an axis: for now, where a run was resumed. */

import { getContext, setContext, untrack } from "svelte";
import { fetchRun } from "../api/client";
import type { Axis, SessionInfo } from "../api/types";
import type { Marker } from "../charts/figure";
import { words } from "../i18n/areas/charts";
import type { Dashboard } from "./dashboard.svelte";
import { Live } from "./live.svelte";

const KEY = Symbol("markers");
/** Of more runs nobody could tell whose a mark is. */
const MOST_RUNS = 4;

interface Told {
  /** Of which state of the run. */
  as: string;
  run: number;
  name: string;
  sessions: readonly SessionInfo[];
}

/** Runs that grow are asked for their sessions no sooner. */
const REST_MS = 5000;

/** To be made while the view of charts is; the charts in it find it. */
export class Markers {
  #board: Dashboard;
  #told: Live<Told[]>;
  /** Counts up, so that what has changed meanwhile is noticed. */
  #time = $state(0);
  #known = new Map<number, Told>();

  constructor(board: () => Dashboard) {
    this.#board = board();
    this.#told = new Live(() => {
      const runs = [...board().shown];
      if (runs.length === 0 || runs.length > MOST_RUNS) return null;
      this.#time;
      return {
        key: `${board().epoch} ${runs}`,
        revision: untrack(() => board().changedAt(runs)),
        fetch: (signal) => Promise.all(runs.map((run) => this.#ask(run, signal))),
      };
    });
    $effect(() => {
      const timer = setInterval(() => this.#time++, REST_MS);
      return () => clearInterval(timer);
    });
    setContext(KEY, this);
  }

  async #ask(run: number, signal: AbortSignal): Promise<Told> {
    const as = `${this.#board.epoch} ${this.#board.changedAt([run])}`;
    const known = this.#known.get(run);
    if (known?.as === as) return known;
    const { run: row, sessions } = await fetchRun(run, signal);
    const told = { as, run, name: row.name, sessions };
    if (this.#known.size > 2 * MOST_RUNS) this.#known.clear();
    this.#known.set(run, told);
    return told;
  }

  on(axis: Axis): Marker[] {
    return (this.#told.value ?? []).flatMap((one) =>
      one.sessions.flatMap((session) => {
        const x = placeOf(session, axis, this.#board.info(one.run)?.first_wall ?? null);
        return x === null ? [] : [{ x, text: words.t.resumed(one.name), kind: "session" as const }];
      }),
    );
  }
}

/** Of the view that a chart is in; null where it has none. */
export const markersHere = () => getContext<Markers | undefined>(KEY) ?? null;

/** Null for a session that began anew, or of which it is not known where. */
export function placeOf(session: SessionInfo, axis: Axis, begin: number | null): number | null {
  if (session.start === null || session.start <= 0) return null;
  if (axis === "step") return session.start;
  if (session.first_wall === null) return null;
  if (axis === "wall") return session.first_wall;
  return begin === null ? null : session.first_wall - begin;
}
