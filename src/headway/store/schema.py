"""The tables of the index."""

from __future__ import annotations

VERSION = 3
"""Of the schema. The index is a cache: another version's is emptied, not migrated."""

TICKS = float(1 << 22)
"""Of a second. Doubles of the years 2004 to 2038 are whole numbers of them, so that wall times pack as integers."""

SCHEMA = """
create table if not exists headway(version integer, logdir varchar);
create table if not exists file(
    path varchar, run varchar, head blob, "offset" bigint, session integer, start bigint,
    records bigint, skipped_records bigint, skipped_bytes bigint, skipped_end bigint,
    writer varchar, rank integer
);
create table if not exists segment(
    id bigint, path varchar, session integer, start bigint, run varchar, tag varchar, kind varchar
);
create table if not exists point(
    segment bigint using compression rle, step bigint using compression bitpacking,
    ticks bigint using compression bitpacking, value float using compression uncompressed,
    wide_time double, wide_value double
);
create table if not exists fresh_point(segment bigint, step bigint, wall_time double, value double);
create table if not exists extent(
    segment bigint, points bigint, min_step bigint, max_step bigint, first_wall double, last_wall double,
    last_step bigint, "last" double, low double, low_step bigint, high double, high_step bigint
);
create table if not exists blob(segment bigint, step bigint, wall_time double, "offset" bigint, length bigint);
create table if not exists told(segment bigint, step bigint, wall_time double, content blob);
"""
"""`point` is clustered by segment and so by tag, for a chart asks for one tag of many runs. A few points at a time go
to `fresh_point`, in the order they come, and move over when there are many; `extent` has a row for each stretch of
a segment that was written to `point`.

Seven bytes a point: what a float32 and a whole number of ticks hold exactly is kept as these, anything else beside
them in the two wide columns. Compression is fixed, because trying all of it takes a fifth of the time of a first
reading; measured numbers have few bits to spare."""

TO_POINT = f"""
    select segment, step,
        case when {{fits}} then try_cast(wall_time * {TICKS} as bigint) end,
        try_cast(value as float),
        case when {{fits}} then null else wall_time end,
        case when try_cast(value as float)::double = value then null else value end
""".format(fits=f"(abs(wall_time) < 1e12 and wall_time * {TICKS} = floor(wall_time * {TICKS}))")
"""From `fresh_point`'s columns to `point`'s. NaN is equal to itself and greater than all, for DuckDB."""

FROM_POINT = f"step, coalesce(wide_time, ticks / {TICKS}) wall_time, coalesce(wide_value, value::double) as value"
"""From `point`'s columns back to `fresh_point`'s, but for the segment."""
