/** The views of the page: when there is something in them to see, and how they are loaded. */

import type { Component } from "svelte";
import { VIEWS, type ViewName } from "../data/address";
import type { Dashboard } from "../data/dashboard.svelte";
import type { IconName } from "../ui/Icon.svelte";

type ViewComponent = Component<{ board: Dashboard }>;

export interface View {
  icon: IconName;
  /** Kinds of data; it is offered when there is one of them. Empty: always offered. */
  kinds: readonly string[];
  /** Whether the run list stands beside it. */
  sidebar: boolean;
  load: () => Promise<{ default: ViewComponent }>;
}

export const registry: Partial<Record<ViewName, View>> = {
  charts: {
    icon: "charts",
    kinds: [],
    sidebar: true,
    load: () => import("./charts/Charts.svelte"),
  },
  histograms: {
    icon: "histogram",
    kinds: ["histograms"],
    sidebar: true,
    load: () => import("./histograms/Histograms.svelte"),
  },
  layers: {
    icon: "layers",
    kinds: ["scalars", "histograms"],
    sidebar: true,
    load: () => import("./layers/Layers.svelte"),
  },
  compare: {
    icon: "compare",
    kinds: [],
    sidebar: false,
    load: () => import("./compare/Compare.svelte"),
  },
  graph: {
    icon: "graph",
    kinds: ["graph_def", "meta_graph_def", "graphs"],
    sidebar: false,
    load: () => import("./graph/Graph.svelte"),
  },
  hparams: {
    icon: "sliders2",
    kinds: [],
    sidebar: true,
    load: () => import("./hparams/HParams.svelte"),
  },
  runs: {
    icon: "table",
    kinds: [],
    sidebar: false,
    load: () => import("./runs/Runs.svelte"),
  },
  run: {
    icon: "run",
    kinds: [],
    sidebar: false,
    load: () => import("./run/Run.svelte"),
  },
  embeddings: {
    icon: "embeddings",
    kinds: ["projectors"],
    sidebar: false,
    load: () => import("./embeddings/Embeddings.svelte"),
  },
  images: {
    icon: "image",
    kinds: ["images"],
    sidebar: true,
    load: () => import("./images/Images.svelte"),
  },
  meshes: {
    icon: "mesh",
    kinds: ["mesh"],
    sidebar: true,
    load: () => import("./meshes/Meshes.svelte"),
  },
  evaluation: {
    icon: "evaluation",
    kinds: ["pr_curves", "confusion_matrix"],
    sidebar: true,
    load: () => import("./evaluation/Evaluation.svelte"),
  },
  custom: {
    icon: "custom",
    kinds: ["custom_scalars"],
    sidebar: true,
    load: () => import("./custom/Custom.svelte"),
  },
  raw: {
    icon: "raw",
    kinds: [],
    sidebar: true,
    load: () => import("./raw/Raw.svelte"),
  },
  text: {
    icon: "text",
    kinds: ["text"],
    sidebar: true,
    load: () => import("./text/Text.svelte"),
  },
  audio: {
    icon: "audio",
    kinds: ["audio"],
    sidebar: true,
    load: () => import("./audio/Audio.svelte"),
  },
};

/** What the page offers in a log directory with such kinds of data. */
export function offered(kinds: Readonly<Record<string, number>>): ViewName[] {
  return VIEWS.filter((name) => {
    const view = registry[name];
    return view && (view.kinds.length === 0 || view.kinds.some((kind) => (kinds[kind] ?? 0) > 0));
  });
}

const loaded = new Map<ViewName, ViewComponent>();

/** The component of a view that was loaded before, so that it is there at once. */
export const known = (name: ViewName): ViewComponent | undefined => loaded.get(name);

export async function load(name: ViewName): Promise<ViewComponent> {
  const view = registry[name];
  if (!view) throw new Error(`there is no view ${name}`);
  const component = (await view.load()).default;
  loaded.set(name, component);
  return component;
}
