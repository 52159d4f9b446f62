"""The methods of `SummaryWriter` for what has structure: graphs, embeddings, meshes, the layout of charts."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from headway.events.messages import graph_event, run_metadata_event
from headway.record.arrays import snapshot
from headway.record.files.nowhere import Nowhere
from headway.record.recorder import Recorder
from headway.record.tag import checked_tag


class Structures(Recorder):
    """Methods for graphs, embeddings, meshes and the layout of charts."""

    _mesh_names: Literal["tensorboardX", "torch"] = "tensorboardX"

    def add_graph(
        self, model: Any, input_to_model: Any = None, verbose: bool = False, use_strict_trace: bool = True
    ) -> None:
        """Log the graph of a torch model.

        The model is run once, on the caller's thread.

        Args:
            model: a `torch.nn.Module`.
            input_to_model: a tensor, or a tuple of what `forward` takes.
            verbose: print the traced graph.
            use_strict_trace: False traces outputs that are lists and dicts too.

        Raises:
            HeadwayImportError: torch is missing.
            Exception: whatever the model itself raises.

        """
        from headway.record.kinds.graph import torch_graph

        graph, stats = torch_graph(model, input_to_model, verbose, use_strict_trace)
        self._write_graph(graph)
        self._file.append(run_metadata_event("step1", stats, self._moment(None, None)[1]))

    def add_onnx_graph(self, onnx_model_file: str | os.PathLike[str]) -> None:
        """Log the graph of an ONNX model's file.

        Raises:
            HeadwayImportError: the package onnx is missing.

        """
        from headway.record.kinds.onnx_graph import onnx_graph

        self._write_graph(onnx_graph(onnx_model_file))

    def add_openvino_graph(self, xmlname: str | os.PathLike[str]) -> None:
        """Log the graph of an OpenVINO model's XML file."""
        from headway.record.kinds.openvino_graph import openvino_graph

        self._write_graph(openvino_graph(xmlname))

    def add_embedding(
        self,
        mat: Any,
        metadata: Any = None,
        label_img: Any = None,
        global_step: Any = None,
        tag: str = "default",
        metadata_header: Sequence[str] | None = None,
    ) -> None:
        """Log points in many dimensions, for TensorBoard's projector: files beside the event file.

        Args:
            mat: [points, dimensions], of any framework.
            metadata: a label for each point; with `metadata_header` a row of them.
            label_img: a picture for each point: [points, channels, side, side], floats in [0, 1] or uint8.
            global_step: what `int()` takes; 0 when left out.
            tag: name of the embedding.
            metadata_header: names of the labels' columns.

        Raises:
            ShapeError: the shapes do not match each other, or the pictures are no squares.

        """
        from headway.record.kinds.projector import check_embedding, label_rows, write_embedding

        points = snapshot(mat, checked_tag(tag))
        pictures = None if label_img is None else snapshot(label_img, tag)
        labels = None if metadata is None else label_rows(metadata)
        header = None if metadata_header is None else list(metadata_header)
        shape = None if pictures is None else pictures.shape
        check_embedding(tag, points.shape, labels, shape, header, kind=points.kind)
        try:
            step, _ = self._moment(global_step, None)
        except Exception as error:
            self._file.refuse(error)
            return
        if isinstance(self._file, Nowhere):
            return
        directory = Path(self._file.directory)

        def write() -> bytes:
            images = None if pictures is None else pictures.array()
            write_embedding(directory, points.array(), labels, images, step=step, tag=tag, header=header)
            return b""

        nbytes = points.nbytes + (pictures.nbytes if pictures else 0)
        self._file.defer(write, nbytes, f"embedding {tag!r}")

    def add_mesh(
        self,
        tag: str,
        vertices: Any,
        colors: Any = None,
        faces: Any = None,
        config_dict: Mapping[str, Any] | None = None,
        global_step: Any = None,
        walltime: float | None = None,
    ) -> None:
        """Log 3-D meshes or point clouds.

        Args:
            tag: name of the series, written as it is.
            vertices: [meshes, vertices, 3].
            colors: [meshes, vertices, 3], each in [0, 255].
            faces: [meshes, faces, 3]: which vertices make a triangle.
            config_dict: what TensorBoard hands to three.js.
            global_step: what `int()` takes; 0 when left out.
            walltime: seconds since 1970; now when left out.

        Raises:
            ShapeError: an array has another shape.

        """
        from headway.record.kinds.mesh import check_mesh, mesh_values

        taken = [
            snapshot(vertices, checked_tag(tag)),
            *(None if part is None else snapshot(part, tag) for part in (colors, faces)),
        ]
        config = None if config_dict is None else dict(config_dict)
        shapes = [None if part is None else part.shape for part in taken]
        check_mesh(tag, shapes[0] or (), shapes[1], shapes[2], config)
        names = self._mesh_names

        def encode() -> list[bytes]:
            coordinates, *others = [None if part is None else part.array() for part in taken]
            assert coordinates is not None
            return mesh_values(tag, coordinates, others[0], others[1], config, names=names)

        self._write_later(f"mesh {tag!r}", sum(part.nbytes for part in taken if part), encode, global_step, walltime)

    def add_custom_scalars(self, layout: Mapping[str, Mapping[str, Sequence[Any]]]) -> None:
        """Say which tags are drawn together.

        Args:
            layout: charts by category and title; each a list of its type, "Multiline" or "Margin", and its tags. A
                margin chart has three: the value, and the lower and upper bound.

        """
        from headway.record.kinds.custom_scalars import layout_value

        self._write([layout_value(layout)], None, None)

    def add_custom_scalars_multilinechart(
        self, tags: Sequence[str], category: str = "default", title: str = "untitled"
    ) -> None:
        """Say that `tags` are drawn in one chart."""
        self.add_custom_scalars({category: {title: ["Multiline", tags]}})

    def add_custom_scalars_marginchart(
        self, tags: Sequence[str], category: str = "default", title: str = "untitled"
    ) -> None:
        """Say that the first of three `tags` is drawn with the others as its lower and upper bound."""
        self.add_custom_scalars({category: {title: ["Margin", tags]}})

    def _write_graph(self, graph: bytes) -> None:
        self._file.append(graph_event(graph, self._moment(None, None)[1]))
