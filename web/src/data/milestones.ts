/** When the first chart, and all charts on the screen, were first painted: marks for whoever measures the page. */

export interface Milestone {
  onScreen: boolean;
  painted: boolean;
}

const watched = new Set<Milestone>();
const reached = new Set<string>();

export function watch(chart: Milestone): () => void {
  watched.add(chart);
  return () => watched.delete(chart);
}

export function paintedNow(chart: Milestone): void {
  chart.painted = true;
  reach("headway:first-chart");
  if ([...watched].every((one) => one.painted || !one.onScreen)) reach("headway:all-charts");
}

function reach(name: string): void {
  if (reached.has(name)) return;
  reached.add(name);
  performance.mark(name);
}
