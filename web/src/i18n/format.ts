/** Numbers, durations and dates in one language, through Intl. */

export class Format {
  #locale: string;
  #grouped: Intl.NumberFormat;
  #compact: Intl.NumberFormat;
  #percent: Intl.NumberFormat;
  #change: Intl.NumberFormat;
  #clock: Intl.DateTimeFormat;
  #decimals = new Map<number, Intl.NumberFormat>();
  #dates = new Map<string, Intl.DateTimeFormat>();

  constructor(locale: string) {
    this.#locale = locale;
    this.#grouped = new Intl.NumberFormat(locale);
    this.#compact = new Intl.NumberFormat(locale, { notation: "compact", maximumSignificantDigits: 4 });
    this.#percent = new Intl.NumberFormat(locale, { style: "percent" });
    this.#change = new Intl.NumberFormat(locale, {
      style: "percent",
      signDisplay: "exceptZero",
      maximumSignificantDigits: 3,
    });
    this.#clock = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" });
  }

  /** 12,345,678 */
  count(value: number): string {
    return this.#grouped.format(value);
  }

  /** 12.3M or 1234万 */
  compact(value: number): string {
    return this.#compact.format(value);
  }

  percent(share: number): string {
    return this.#percent.format(share);
  }

  /** +12.5 %, −3 %: what something grew by. */
  change(share: number): string {
    return this.#change.format(share);
  }

  /** 12 Sept 2026, 14:03:07 */
  time(seconds: number): string {
    return this.#clock.format(seconds * 1000);
  }

  /** 12 Sept, 14:03 */
  shortTime(seconds: number): string {
    return this.#date("short", {
      month: "short",
      day: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    }).format(seconds * 1000);
  }

  bytes(value: number): string {
    const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
    const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, value)) / 3));
    const options = {
      style: "unit",
      unit: units[power],
      unitDisplay: "short",
      maximumSignificantDigits: 3,
    } as const;
    return new Intl.NumberFormat(this.#locale, options).format(value / 1000 ** power);
  }

  /** 1d 2h, 3h 04m, 5m 06s, 7.8s: two units at most. */
  duration(seconds: number): string {
    const sign = seconds < 0 ? "−" : "";
    const s = Math.abs(seconds);
    if (s < 60) return `${sign}${this.#decimal(s, s < 10 ? 2 : 1)}s`;
    const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
    if (s < 3600) return `${sign}${Math.floor(s / 60)}m ${two(s % 60)}s`;
    if (s < 86400) return `${sign}${Math.floor(s / 3600)}h ${two((s % 3600) / 60)}m`;
    return `${sign}${this.count(Math.floor(s / 86400))}d ${two((s % 86400) / 3600)}h`;
  }

  /** The shortest decimal that reads back as the same float32 or, when `wide`, float64. */
  exact(value: number, wide: boolean): string {
    if (Number.isNaN(value)) return "NaN";
    if (!Number.isFinite(value)) return value > 0 ? "+∞" : "−∞";
    return plain(wide ? value : Number(shortest32(value)));
  }

  /** As many digits as tell values apart on a chart. */
  rounded(value: number): string {
    return Number.isFinite(value) ? plain(Number(value.toPrecision(5))) : this.exact(value, true);
  }

  /** A tick of a y axis whose ticks are `stride` apart and at most `largest`, which decides how all are written. */
  tick(value: number, stride: number, largest = Math.abs(value)): string {
    if (value === 0) return "0";
    if (largest >= 1e6 || largest < 1e-2) {
      const power = Math.floor(Math.log10(Math.abs(value)) + 1e-9);
      const [mantissa, exponent] = value.toExponential(decimals(stride / 10 ** power)).split("e");
      return `${trimZeros(mantissa)}e${exponent.replace("+", "")}`.replaceAll("-", "−");
    }
    return this.#decimal(value, decimals(stride)).replace("-", "−");
  }

  /** A tick of the step axis. */
  stepTick(value: number, stride: number): string {
    return Math.abs(value) >= 1e4 && stride >= Math.abs(value) / 1000
      ? this.compact(value)
      : this.count(value);
  }

  /** A tick of the relative axis: units down to what tells ticks `stride` seconds apart, no further. */
  durationTick(seconds: number, stride: number): string {
    if (seconds === 0) return "0";
    const parts: string[] = [];
    let rest = seconds;
    for (const [unit, size] of [
      ["d", 86400],
      ["h", 3600],
      ["m", 60],
    ] as const) {
      const whole = Math.floor(rest / size + 1e-9);
      if (whole > 0) parts.push(`${whole}${unit}`);
      rest -= whole * size;
      if (stride >= size && parts.length > 0) return parts.join(" ");
    }
    if (rest > 1e-9) parts.push(`${this.#decimal(rest, stride < 1 ? 3 : 0)}s`);
    return parts.slice(-2).join(" ");
  }

  /** A tick of the wall axis. */
  timeTick(seconds: number, stride: number): string {
    if (stride >= 86400) return this.#date("day", { month: "short", day: "numeric" }).format(seconds * 1000);
    if (stride >= 60)
      return this.#date("minute", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(
        seconds * 1000,
      );
    return this.#date("second", { minute: "2-digit", second: "2-digit" }).format(seconds * 1000);
  }

  #date(key: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
    let format = this.#dates.get(key);
    if (!format) {
      format = new Intl.DateTimeFormat(this.#locale, options);
      this.#dates.set(key, format);
    }
    return format;
  }

  #decimal(value: number, digits: number): string {
    let format = this.#decimals.get(digits);
    if (!format) {
      format = new Intl.NumberFormat(this.#locale, { maximumFractionDigits: digits });
      this.#decimals.set(digits, format);
    }
    return format.format(value);
  }
}

/** A number as it would be typed in code, with a true minus sign. */
function plain(value: number): string {
  const size = Math.abs(value);
  const text =
    size !== 0 && (size >= 1e9 || size < 1e-4) ? value.toExponential().replace("e+", "e") : String(value);
  return text.replaceAll("-", "−");
}

function shortest32(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return text;
  }
  return value.toPrecision(9);
}

function trimZeros(mantissa: string): string {
  return mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
}

/** Decimals that write multiples of `stride` exactly: 2 for 0.25. */
function decimals(stride: number): number {
  let digits = 0;
  for (let rest = stride; digits < 9 && Math.abs(rest - Math.round(rest)) > 1e-6 * rest; rest *= 10) digits++;
  return digits;
}
