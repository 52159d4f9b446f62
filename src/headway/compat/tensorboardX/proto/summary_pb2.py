"""Summary: values of several tags at one step."""

from __future__ import annotations

from headway.compat.field import Field
from headway.compat.kinds import Enum
from headway.compat.message import Message
from headway.compat.tensorboardX.proto.tensor_pb2 import TensorProto

DataClass = Enum(
    "DataClass", DATA_CLASS_UNKNOWN=0, DATA_CLASS_SCALAR=1, DATA_CLASS_TENSOR=2, DATA_CLASS_BLOB_SEQUENCE=3
)
globals().update(DataClass.items())


class SummaryDescription(Message):
    """How a tag wants to be shown; of old."""

    type_hint = Field(1, "string")


class HistogramProto(Message):
    """A histogram: bucket i goes from limit i - 1 to limit i."""

    min = Field(1, "double")
    max = Field(2, "double")
    num = Field(3, "double")
    sum = Field(4, "double")
    sum_squares = Field(5, "double")
    bucket_limit = Field(6, "double", repeated=True)
    bucket = Field(7, "double", repeated=True)


class SummaryMetadata(Message):
    """Which plugin shows a tag, and how it is called."""

    class PluginData(Message):
        """What the plugin wants to know."""

        plugin_name = Field(1, "string")
        content = Field(2, "bytes")

    plugin_data = Field(1, PluginData)
    display_name = Field(2, "string")
    summary_description = Field(3, "string")
    data_class = Field(4, DataClass)


class Summary(Message):
    """Values of several tags."""

    class Image(Message):
        """An encoded picture; colorspace is its number of channels."""

        height = Field(1, "int32")
        width = Field(2, "int32")
        colorspace = Field(3, "int32")
        encoded_image_string = Field(4, "bytes")

    class Audio(Message):
        """An encoded sound."""

        sample_rate = Field(1, "float")
        num_channels = Field(2, "int64")
        length_frames = Field(3, "int64")
        encoded_audio_string = Field(4, "bytes")
        content_type = Field(5, "string")

    class Value(Message):
        """The value of one tag."""

        tag = Field(1, "string")
        simple_value = Field(2, "float", oneof="value")
        obsolete_old_style_histogram = Field(3, "bytes", oneof="value")
        image = Field(4, lambda: Summary.Image, oneof="value")
        histo = Field(5, HistogramProto, oneof="value")
        audio = Field(6, lambda: Summary.Audio, oneof="value")
        node_name = Field(7, "string")
        tensor = Field(8, TensorProto, oneof="value")
        metadata = Field(9, SummaryMetadata)

    value = Field(1, Value, repeated=True)
