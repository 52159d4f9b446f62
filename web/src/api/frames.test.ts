import { encode } from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import { decodeChart } from "./columns";
import { FrameSplitter } from "./frames";
import { type ChartData, type Curve, CurveFields } from "./types";

function framed(...bodies: Uint8Array[]): Uint8Array {
  const out: number[] = [];
  for (const body of bodies) {
    const head = new Uint8Array(4);
    new DataView(head.buffer).setUint32(0, body.length, true);
    out.push(...head, ...body);
  }
  return Uint8Array.from(out);
}

const bytes = (array: ArrayBufferView) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
const none = new Uint8Array();

const curve: Curve = {
  run: 3,
  rank: null,
  superseded: false,
  group: null,
  fingerprint: "m",
  from_column: 0,
  total: 5,
  points: 4,
  wide: false,
  begin: 0.5,
  end: 12,
  column: bytes(Uint16Array.of(0, 7)),
  x: bytes(Float64Array.of(0.5, 9)),
  step: none,
  wall: bytes(Float64Array.of(1e9, 1e9 + 1)),
  last: bytes(Float32Array.of(1.5, -2)),
  smooth: none,
  count: none,
  first: none,
  min: none,
  max: none,
  mean: none,
  low: none,
  high: none,
  before: null,
  after: [12, 1, 1],
  bad_column: bytes(Uint16Array.of(4)),
  bad_x: bytes(Float64Array.of(5)),
  bad_count: bytes(Uint32Array.of(2)),
  bad_kind: Uint8Array.of(3),
};
const chart: ChartData = {
  tag: "train/loss",
  axis: "step",
  columns: 8,
  start: 0,
  stop: 9,
  width: 1.25,
  revision: 4,
  curves: [curve],
  gone: [],
  groups: null,
  error: null,
};

/** As the server does it: curves are arrays. */
function packed(data: ChartData): Uint8Array {
  return encode({ ...data, curves: data.curves.map((one) => CurveFields.map((name) => one[name])) });
}

describe("FrameSplitter", () => {
  const bodies = [Uint8Array.of(1, 2, 3), none, Uint8Array.from({ length: 300 }, (_, i) => i & 255)];

  it.each([1, 2, 3, 5, 7, 64, 1000])("gives the frames whole, from chunks of %i bytes", (size) => {
    const splitter = new FrameSplitter();
    const stream = framed(...bodies);
    const got: Uint8Array[] = [];
    for (let at = 0; at < stream.length; at += size)
      got.push(...splitter.push(stream.subarray(at, at + size)));
    expect(got).toEqual(bodies);
    expect(splitter.atBoundary).toBe(true);
  });

  it("knows that a stream was cut off", () => {
    const splitter = new FrameSplitter();
    splitter.push(framed(Uint8Array.of(1, 2, 3)).subarray(0, 6));
    expect(splitter.atBoundary).toBe(false);
  });
});

describe("decodeChart", () => {
  it("views byte columns as numbers, whatever their alignment", () => {
    const { curves, bytes, ...rest } = decodeChart(packed(chart));
    expect(bytes).toBe(packed(chart).length);
    expect(rest).toEqual({
      tag: "train/loss",
      axis: "step",
      columns: 8,
      start: 0,
      stop: 9,
      width: 1.25,
      revision: 4,
      gone: [],
      groups: null,
      error: null,
    });
    expect([...curves[0].x]).toEqual([0.5, 9]);
    expect(curves[0].last).toEqual(Float32Array.of(1.5, -2));
    expect([...curves[0].column]).toEqual([0, 7]);
    expect([...curves[0].badKind]).toEqual([3]);
    expect(curves[0].after).toEqual([12, 1, 1]);
  });

  it("lets left out columns be the last value", () => {
    const [decoded] = decodeChart(packed(chart)).curves;
    expect(decoded.count).toBeNull();
    for (const column of [decoded.smooth, decoded.first, decoded.min, decoded.max, decoded.mean]) {
      expect(column).toBe(decoded.last);
    }
  });

  it("reads wide columns as float64", () => {
    const wide = {
      ...curve,
      wide: true,
      last: bytes(Float64Array.of(0.1, 1e300)),
      smooth: bytes(Float64Array.of(1, 2)),
    };
    const [decoded] = decodeChart(packed({ ...chart, curves: [wide] })).curves;
    expect([...decoded.last]).toEqual([0.1, 1e300]);
    expect([...decoded.smooth]).toEqual([1, 2]);
  });

  it("keeps steps beyond 2^31", () => {
    const stepped = { ...curve, step: bytes(BigInt64Array.of(3n, 5_000_000_000n)) };
    expect([...decodeChart(packed({ ...chart, curves: [stepped] })).curves[0].step]).toEqual([
      3n,
      5_000_000_000n,
    ]);
  });
});
