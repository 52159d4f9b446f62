import { afterEach, expect, test, vi } from "vitest";
import { recall, remember } from "./memory";

afterEach(() => vi.unstubAllGlobals());

test("a choice is kept", () => {
  expect(recall("headway:test")).toBeNull();
  remember("headway:test", "dark");
  expect(recall("headway:test")).toBe("dark");
});

test("a browser that refuses is no obstacle", () => {
  vi.stubGlobal("localStorage", {
    getItem: () => {
      throw new DOMException("Access is denied for this document.", "SecurityError");
    },
    setItem: () => {
      throw new DOMException("full", "QuotaExceededError");
    },
  });
  remember("headway:test", "light");
  expect(recall("headway:test")).toBeNull();
});
