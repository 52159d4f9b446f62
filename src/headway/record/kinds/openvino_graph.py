"""The graph of a model of OpenVINO: the XML file of its intermediate representation."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Never
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from headway.record.kinds import graph_def

_DIGITS = 18  # that fit into 64 bits


def openvino_graph(path: str | os.PathLike[str]) -> bytes:
    """Return the GraphDef of the network in the XML file `path`: a node a layer, by its name and type.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is no such network.

    """
    where = os.fspath(path)
    try:
        root = _parse(Path(where).read_bytes())
    except expat.ExpatError as error:
        raise ValueError(f"{where} is no network of OpenVINO: it is no XML: {error}") from None
    except _NotPlainError:
        raise ValueError(f"{where} is no network of OpenVINO: it declares a document type") from None
    layers = root.find("layers")
    if layers is None or any(layer.get("id") is None for layer in layers):
        raise ValueError(f"{where} is no network of OpenVINO: <{root.tag}> has no <layers> with ids")
    return graph_def.graph_def(_nodes(layers, root.find("edges")))


class _NotPlainError(Exception):
    pass


def _parse(text: bytes) -> Element:
    """Return the root element. A document type is refused: its entities could make much of a little."""
    builder = TreeBuilder()
    parser = expat.ParserCreate()
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = _refuse
    parser.Parse(text, True)
    return builder.close()


def _refuse(*_: object) -> Never:
    raise _NotPlainError


def _nodes(layers: Element, edges: Element | None) -> Iterator[bytes]:
    names: dict[str, str] = {}
    taken = set()
    for layer in layers:
        number = layer.attrib["id"]
        name = (layer.get("name") or number).replace(":", "_")  # which says in a GraphDef which output is meant
        names[number] = f"{name}_{number}" if name in taken else name
        taken.add(name)
    sources: dict[str, list[tuple[int, str]]] = {}
    for edge in () if edges is None else edges:
        begin, end = names.get(edge.get("from-layer", "")), edge.get("to-layer", "")
        if begin is not None:
            port = edge.get("to-port", "")
            sources.setdefault(end, []).append((int(port) if port.isdecimal() else 0, begin))
    for layer in layers:
        number = layer.attrib["id"]
        inputs = [name for _, name in sorted(sources.get(number, []), key=lambda source: source[0])]
        yield graph_def.node(names[number], layer.get("type") or "op", inputs, _attributes(layer))


def _attributes(layer: Element) -> dict[str, bytes]:
    data = layer.find("data")
    text = ", ".join(f"{name} = {value}" for name, value in ({} if data is None else data.attrib).items())
    attributes = {"parameters": graph_def.text_attribute(text)}
    shapes = [[_size(dim) for dim in port.findall("dim")] for port in layer.findall("output/port")]
    if shapes:
        attributes["_output_shapes"] = graph_def.shapes_attribute(shapes)
    return attributes


def _size(dim: Element) -> int:
    text = (dim.text or "").strip()
    return int(text) if text.isdecimal() and len(text) <= _DIGITS else -1
