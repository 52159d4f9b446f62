"""What people say of runs, kept beside the logs and never in them; and the trash, where runs go that they remove."""

from __future__ import annotations

from headway.marks.mark import Mark
from headway.marks.marks import Marks

__all__ = ["Mark", "Marks"]
