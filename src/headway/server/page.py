"""The built page: static files of the package folder `headway/web`."""

from __future__ import annotations

import gzip
import mimetypes
import os
from functools import lru_cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from headway.server.compression import LEAST, is_text, takes_gzip

BUILT = Path(__file__).parent.parent / "web"

# Windows asks its registry, which often says text/plain; a browser does not run that.
mimetypes.add_type("text/javascript", ".js")


class Page(StaticFiles):
    """`index.html` at the root; everything under `assets/` has its hash in its name and never changes."""

    def __init__(self, directory: Path = BUILT) -> None:
        super().__init__(directory=directory, html=True, check_dir=False)
        self.root = directory

    async def check_config(self) -> None:
        """Nothing to check before a request: in a clone the page may be built while the server runs."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with the file, and with how long it may be kept."""
        if not (self.root / "index.html").is_file():
            raise HTTPException(503, f"The page is not built ({self.root} is empty). In a clone: make setup\n")
        return await super().get_response(path, scope)

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Add Cache-Control; of text, send what was compressed once."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        hashed = Path(full_path).is_relative_to(self.root.resolve() / "assets")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if hashed else "no-cache"
        media = response.headers.get("content-type", "").partition(";")[0]
        if not is_text(media) or stat_result.st_size < LEAST:
            return response
        response.headers.add_vary_header("Accept-Encoding")
        if response.status_code != 200 or "range" in (asked := Headers(scope=scope)) or not takes_gzip(asked):
            return response
        headers = {name: value for name, value in response.headers.items() if name not in ("content-length", "etag")}
        headers |= {"content-encoding": "gzip", "etag": f"W/{response.headers['etag']}"}
        return Response(compressed(str(full_path), stat_result.st_mtime_ns), headers=headers)


@lru_cache(maxsize=64)
def compressed(path: str, _mtime_ns: int) -> bytes:
    """Read and compress a file as it was at that time."""
    return gzip.compress(Path(path).read_bytes(), mtime=0)
