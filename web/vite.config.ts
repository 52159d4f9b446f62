import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

const server = `http://127.0.0.1:${process.env.HEADWAY_PORT ?? "6006"}`;

export default defineConfig({
  base: "./", // below any path prefix, behind a Jupyter proxy too
  plugins: [svelte()],
  // An inlined asset would be a data: address, which the page's security policy does not allow for icons and fonts.
  build: {
    outDir: "../src/headway/web",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/api": { target: server } } }, // the Host stays the page's: the server compares it with the Origin
  resolve: process.env.VITEST ? { conditions: ["browser"] } : {},
  test: { environment: "happy-dom", include: ["src/**/*.test.ts"] },
});
