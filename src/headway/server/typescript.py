"""Write the API's types as TypeScript: `python -m headway.server.typescript [--check] PATH`.

It reads the source of `headway.server.api`, not the imported module, because docstrings of fields and the
order of things exist only there. Numbers are `number`, binary is `Uint8Array`, None is `null`. A field with
a default may be left out of a request (a struct that forbids unknown fields), and of an answer that omits defaults;
in any other all are there. A struct that is sent as an array comes with a constant, its fields in order.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).with_name("api.py")
HEADER = "// Generated from src/headway/server/api.py by `python -m headway.server.typescript`.\n"
NAMES = {"int": "number", "float": "number", "str": "string", "bool": "boolean", "bytes": "Uint8Array"}
NAMES["Any"] = "unknown"


def generate(source: str) -> str:
    """Translate the source of a module of type aliases and `msgspec.Struct`s; ValueError on anything else."""
    module = ast.parse(source)
    parts = [HEADER, _comment(ast.get_docstring(module))]
    for node, doc in _documented(module.body):
        match node:
            case ast.Import() | ast.ImportFrom():
                pass
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                parts.append(f"{_comment(doc)}export type {name} = {_type(value)};\n")
            case ast.ClassDef(bases=[ast.Attribute(attr="Struct")]):
                parts.append(_interface(node))
            case ast.ClassDef(bases=[ast.Name(id=base)]):
                parts.append(_interface(node, f" extends {base}"))
            case _:
                raise ValueError(f"no TypeScript for line {node.lineno}: {ast.unparse(node)}")
    return "\n".join(parts)


def _interface(struct: ast.ClassDef, extends: str = "") -> str:
    """Translate one struct, docstrings included."""
    options = {keyword.arg for keyword in struct.keywords}
    may_lack = not options.isdisjoint({"forbid_unknown_fields", "omit_defaults"})
    fields, names = [], []
    for node, doc in _documented(struct.body):
        if isinstance(node, ast.FunctionDef):
            continue
        if not (isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)):
            raise ValueError(f"no TypeScript for line {node.lineno}: {ast.unparse(node)}")
        optional = "?" if may_lack and node.value is not None else ""
        names.append(f'  "{node.target.id}",\n')
        fields.append(f"{_comment(doc, '  ')}  {node.target.id}{optional}: {_type(node.annotation)};\n")
    text = f"{_comment(ast.get_docstring(struct))}export interface {struct.name}{extends} {{\n{''.join(fields)}}}\n"
    if "array_like" in options:
        text += f"\nexport const {struct.name}Fields = [\n{''.join(names)}] as const;\n"
    return text


def _documented(body: list[ast.stmt]) -> Iterator[tuple[ast.stmt, str | None]]:
    """Each statement that is not a string, with the string that follows it, if one does."""
    for node, following in zip(body, [*body[1:], None], strict=True):
        if _text(node) is None:
            yield node, _text(following)


def _text(node: ast.stmt | None) -> str | None:
    match node:
        case ast.Expr(value=ast.Constant(value=str(text))):
            return inspect.cleandoc(text)
    return None


def _type(node: ast.expr) -> str:
    """Translate one annotation."""
    match node:
        case ast.Name(id=name):
            return NAMES.get(name, name)
        case ast.Constant(value=None):
            return "null"
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return f"{_type(left)} | {_type(right)}"
        case ast.Subscript(value=ast.Name(id="Annotated"), slice=ast.Tuple(elts=[bare, *_])):
            return _type(bare)
        case ast.Subscript(value=ast.Name(id="list"), slice=item):
            inner = _type(item)
            return f"({inner})[]" if " | " in inner else f"{inner}[]"
        case ast.Subscript(value=ast.Name(id="dict"), slice=ast.Tuple(elts=[key, item])):
            return f"Record<{_type(key)}, {_type(item)}>"
        case ast.Subscript(value=ast.Name(id="tuple"), slice=ast.Tuple(elts=items)):
            return f"[{', '.join(_type(item) for item in items)}]"
        case ast.Subscript(value=ast.Name(id="Literal"), slice=choice):
            choices = choice.elts if isinstance(choice, ast.Tuple) else [choice]
            return " | ".join(f'"{ast.literal_eval(item)}"' for item in choices)
    raise ValueError(f"no TypeScript for the type {ast.unparse(node)}")


def _comment(text: str | None, indent: str = "") -> str:
    """Turn a docstring into a TSDoc comment."""
    if not text:
        return ""
    lines = text.splitlines()
    if len(lines) == 1:
        return f"{indent}/** {text} */\n"
    inner = "".join(f"{indent} * {line}".rstrip() + "\n" for line in lines)
    return f"{indent}/**\n{inner}{indent} */\n"


def main(arguments: list[str]) -> int:
    """Write PATH, or with `--check` say whether it is up to date; returns the exit status."""
    check = "--check" in arguments
    paths = [Path(argument) for argument in arguments if argument != "--check"]
    if len(paths) != 1:
        print("usage: python -m headway.server.typescript [--check] PATH", file=sys.stderr)
        return 2
    (path,) = paths
    text = generate(SOURCE.read_text(encoding="utf-8"))
    if not check:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    elif not path.exists() or path.read_text(encoding="utf-8") != text:
        print(f"{path} is not what the API says: python -m headway.server.typescript {path}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
