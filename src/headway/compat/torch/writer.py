"""The writers in the signatures of torch.utils.tensorboard, where they are not tensorboardX's."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

from headway.compat.tensorboardX.event_file_writer import EventFileWriter
from headway.record import file_writer, summary_writer
from headway.record.kinds.hparams import check_hparams
from headway.record.tag import checked_tag

__all__ = ["EventFileWriter", "FileWriter", "SummaryWriter"]


class FileWriter(file_writer.FileWriter):
    """Writes messages to an event file; see `headway.FileWriter`, whose `logdir` is `log_dir` here."""

    def __init__(
        self,
        log_dir: str | os.PathLike[str],
        max_queue: int = 10,
        flush_secs: int = 120,
        filename_suffix: str = "",
    ) -> None:
        super().__init__(log_dir, max_queue, flush_secs, filename_suffix)


class SummaryWriter(summary_writer.SummaryWriter):
    """Writes event files that headway and TensorBoard show; see `headway.SummaryWriter`.

    Tags are written as they are, and the sub-runs of `add_scalars` are called `main_tag_key`, as torch does it.
    """

    _mesh_names = "torch"

    def __init__(
        self,
        log_dir: str | os.PathLike[str] | None = None,
        comment: str = "",
        purge_step: int | None = None,
        max_queue: int = 10,
        flush_secs: int = 120,
        filename_suffix: str = "",
    ) -> None:
        super().__init__(log_dir, comment, purge_step, max_queue, flush_secs, filename_suffix)
        self.max_queue = max_queue
        self.flush_secs = flush_secs
        self.filename_suffix = filename_suffix

    def get_logdir(self) -> Any:
        """Return the directory of the event files as it was given, which may be a path."""
        return self.log_dir

    def add_scalar(  # type: ignore[override]  # the fifth is another one
        self,
        tag: str,
        scalar_value: Any,
        global_step: Any = None,
        walltime: float | None = None,
        new_style: bool = False,
        double_precision: bool = False,
    ) -> None:
        """Log one number; see `headway.SummaryWriter.add_scalar`."""
        super().add_scalar(
            tag, scalar_value, global_step, walltime, new_style=new_style, double_precision=double_precision
        )

    def add_hparams(  # type: ignore[override]  # the third is another one
        self,
        hparam_dict: dict[str, Any],
        metric_dict: dict[str, Any],
        hparam_domain_discrete: dict[str, list[Any]] | None = None,
        run_name: str | None = None,
        global_step: Any = None,
    ) -> None:
        """Log hyperparameters and what they led to; see `headway.SummaryWriter.add_hparams`.

        Raises:
            TypeError: what is given are no dictionaries, or a domain is no list of its hyperparameter's type.

        """
        check_hparams(hparam_dict, metric_dict, hparam_domain_discrete)
        super().add_hparams(
            hparam_dict, metric_dict, run_name, global_step, hparam_domain_discrete=hparam_domain_discrete
        )

    def add_image_with_boxes(  # the sixth is another one
        self,
        tag: str,
        img_tensor: Any,
        box_tensor: Any,
        global_step: Any = None,
        walltime: float | None = None,
        rescale: float = 1,  # type: ignore[override]
        dataformats: str = "CHW",  # type: ignore[override]
        labels: str | Sequence[str] | None = None,
    ) -> None:
        """Log an image with boxes drawn on it; see `headway.SummaryWriter.add_image_with_boxes`."""
        super().add_image_with_boxes(
            tag, img_tensor, box_tensor, global_step, walltime, dataformats, labels, rescale=rescale
        )

    def add_onnx_graph(self, prototxt: str | os.PathLike[str]) -> None:
        """Log the graph of an ONNX model's file."""
        super().add_onnx_graph(prototxt)

    def _tag_cleaner(self) -> Callable[[str], str]:
        return checked_tag

    def _sub_run_of(self, main_tag: str, key: str) -> tuple[str, ...]:
        return (f"{main_tag.replace('/', '_')}_{key}",)

    def _step_of_hparams(self, step: Any) -> Any:
        return step
