"""The tables of the index."""

from __future__ import annotations

VERSION = 4
"""Of the schema. The index is a cache: another version's is emptied, not migrated."""

TICKS = float(1 << 22)
"""Of a second. Doubles of the years 2004 to 2038 are whole numbers of them, so that wall times pack as integers."""

SCHEMA = """
create table if not exists headway(version integer, logdir varchar, deleted boolean);
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
    ticks bigint using compression bitpacking, value float using compression uncompressed
);
create table if not exists place(segment bigint, first bigint, last bigint);
create table if not exists odd_time(segment bigint, place bigint, wall_time double);
create table if not exists odd_value(segment bigint, place bigint, value double);
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
a segment that was written to `point`, and `place` the rows of `point` that hold it. These are right until a row is
deleted, which `headway.deleted` remembers.

Seven bytes a point: wall times are whole ticks and values float32, as nearly all are. What these do not hold exactly
stands in `odd_time` and `odd_value`, by its place among its segment's rows in `point`. Compression is fixed, because
trying all of it takes a fifth of the time of a first reading; measured numbers have few bits to spare."""

NARROW = f"step, ticks / {TICKS} wall_time, value::double as value"
"""From `point`'s columns to `fresh_point`'s, but for what is odd."""

ODD = "odd as (select segment from odd_time union select segment from odd_value)"
ALL_POINTS = f"""(
    select segment, {NARROW} from point where segment not in (select segment from odd)
    union all
    select segment, step, coalesce(t.wall_time, ticks / {TICKS}), coalesce(v.value, p.value::double)
    from (
        select *, row_number() over (partition by segment order by rowid) - 1 as place
        from point where segment in (select segment from odd)
    ) p left join odd_time t using (segment, place) left join odd_value v using (segment, place)
    union all
    select segment, step, wall_time, value from fresh_point
)"""
"""Every point: segment, step, wall_time, value. It wants `ODD` in front: with {ODD} select ... from {ALL_POINTS}."""
