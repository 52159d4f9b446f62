/** The uncommitted changes that a run recorded. */

import { fetchEntries, fetchEntry, Refusal } from "../api/client";
import { fencedBlock } from "./fenced";

const TAG = "headway/git_diff";

/** As git wrote them, of the run's newest session; empty where it recorded none. */
export async function fetchGitDiff(run: number, signal: AbortSignal): Promise<string> {
  const series = { run, tag: TAG, kind: "text" };
  try {
    const key = (await fetchEntries(series, signal)).keys.at(-1);
    if (key === undefined) return "";
    const { value } = await fetchEntry(series, key, signal);
    const text = ((value as { strings?: string[] }).strings ?? []).join("\n");
    return fencedBlock(text) ?? text;
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) return "";
    throw error;
  }
}
