/** What a mesh needs to be drawn that is not logged: normals for the light, edges for the wireframe. */

/** A normal for each vertex: of its faces, the larger ones weighing more. Faces that name no vertex do not count. */
export function normalsOf(positions: Float32Array, faces: Uint32Array): Float32Array {
  const normals = new Float32Array(positions.length);
  for (let f = 0; f + 2 < faces.length; f += 3) {
    const [a, b, c] = [faces[f] * 3, faces[f + 1] * 3, faces[f + 2] * 3];
    const ux = positions[b] - positions[a];
    const uy = positions[b + 1] - positions[a + 1];
    const uz = positions[b + 2] - positions[a + 2];
    const vx = positions[c] - positions[a];
    const vy = positions[c + 1] - positions[a + 1];
    const vz = positions[c + 2] - positions[a + 2];
    const x = uy * vz - uz * vy;
    const y = uz * vx - ux * vz;
    const z = ux * vy - uy * vx;
    if (!Number.isFinite(x + y + z)) continue;
    for (const v of [a, b, c]) {
      normals[v] += x;
      normals[v + 1] += y;
      normals[v + 2] += z;
    }
  }
  for (let v = 0; v < normals.length; v += 3) {
    const length = Math.hypot(normals[v], normals[v + 1], normals[v + 2]) || 1;
    normals[v] /= length;
    normals[v + 1] /= length;
    normals[v + 2] /= length;
  }
  return normals;
}

/** The faces whose three indices name vertices, and how many do not: files hold anything. */
export function validFaces(
  faces: ArrayLike<number>,
  vertices: number,
): { faces: Uint32Array; dropped: number } {
  const kept = new Uint32Array(faces.length);
  let count = 0;
  const isVertex = (v: number) => v >= 0 && v < vertices && Number.isInteger(v);
  for (let f = 0; f + 2 < faces.length; f += 3) {
    if (!isVertex(faces[f]) || !isVertex(faces[f + 1]) || !isVertex(faces[f + 2])) continue;
    kept[count++] = faces[f];
    kept[count++] = faces[f + 1];
    kept[count++] = faces[f + 2];
  }
  return { faces: kept.subarray(0, count), dropped: Math.floor(faces.length / 3) - count / 3 };
}

/** Two vertices for each edge of the faces, each edge once. */
export function edgesOf(faces: Uint32Array, vertices: number): Uint32Array {
  const keys = new Float64Array(faces.length);
  for (let f = 0; f < faces.length; f += 3)
    for (let side = 0; side < 3; side++) {
      const a = faces[f + side];
      const b = faces[f + ((side + 1) % 3)];
      keys[f + side] = Math.min(a, b) * vertices + Math.max(a, b);
    }
  keys.sort();
  const edges = new Uint32Array(keys.length * 2);
  let count = 0;
  for (let i = 0; i < keys.length; i++) {
    if (i > 0 && keys[i] === keys[i - 1]) continue;
    edges[count++] = Math.floor(keys[i] / vertices);
    edges[count++] = keys[i] % vertices;
  }
  return edges.slice(0, count);
}
