"""TensorBoard's read API under `/data`, for tools that speak it. All points and entries are given, not samples.

What differs from TensorBoard 2.21, whose answers are the judge of the tests:

- Every point and entry is there. TensorBoard keeps samples, and at most 51 histograms whatever it is told.
- Steps that are logged again, or go back within a file, are there each time; TensorBoard drops what they pass.
- Scalars of all numeric types are there, and those of shape [1]; its fast loader has only float32 of rank 0.
- Text is escaped, and its paragraphs are marked up; Markdown in it stays as it was written.
- A tag's display name and description are told of what is no scalar.
- An audio clip's media type is that of its bytes.
- Bad requests are answered by 400 and a line, where it says 500.

Left out: the routes that only its own page asks (timeseries, custom_scalars, hparams, mesh, graphs, projector,
debugger-v2, notifications); `api/` has what they are about.
"""

from __future__ import annotations

from headway.server.tensorboard.routes import endpoints

__all__ = ["endpoints"]
