/** Go's fmt.Sprintf: flags, widths, precisions, argument indexes, and its way to put mistakes into the output. */
import { runeAt } from '../text/utf8.ts';
import { GoInt, type Value } from '../value.ts';
import { type Flags, noFlags } from './flags.ts';
import { formatValue, type PrintBudget } from './value.ts';

/** Go stops reading a number of more digits than this one has; what is after it in the format is lost. */
const maxWidth = 1_000_000;
/** Padding is cheap: this many bytes of it cost one evaluation step. */
const bytesPerStep = 64;

export function sprintf(format: string, args: readonly Value[], budget: PrintBudget): string {
  return new Formatter(format, args, budget).run();
}

class Formatter {
  readonly #format: string;
  readonly #args: readonly Value[];
  readonly #budget: PrintBudget;
  #at = 0;
  #arg = 0;
  #output = '';
  /** An explicit index was used: then nothing is said of arguments that were left over. */
  #reordered = false;
  #afterIndex = false;
  #goodIndex = true;

  constructor(format: string, args: readonly Value[], budget: PrintBudget) {
    this.#format = format;
    this.#args = args;
    this.#budget = budget;
  }

  run(): string {
    for (let percent = this.#format.indexOf('%'); percent !== -1; percent = this.#format.indexOf('%', this.#at)) {
      this.#output += this.#format.slice(this.#at, percent);
      this.#at = percent + 1;
      this.#verb();
    }
    this.#output += this.#format.slice(this.#at);
    if (!this.#reordered && this.#arg < this.#args.length) this.#output += this.#extra();
    return this.#output;
  }

  #verb(): void {
    this.#goodIndex = true;
    this.#afterIndex = false;
    const flags = this.#readFlags();
    this.#argumentIndex();
    this.#readWidth(flags);
    this.#readPrecision(flags);
    if (!this.#afterIndex) this.#argumentIndex();
    if (this.#at >= this.#format.length) {
      this.#output += '%!(NOVERB)';
      return;
    }
    const { width } = runeAt(this.#format, this.#at);
    const verb = this.#format.slice(this.#at, this.#at + width);
    this.#at += width;
    this.#output += this.#formatArgument(verb, flags);
  }

  #formatArgument(verb: string, flags: Flags): string {
    if (verb === '%') return '%';
    if (!this.#goodIndex) return `%!${verb}(BADINDEX)`;
    if (this.#arg >= this.#args.length) return `%!${verb}(MISSING)`;
    const value = this.#args[this.#arg] ?? null;
    this.#arg += 1;
    if (verb === 'v' || verb === 'w') {
      flags.sharpV = flags.sharp;
      flags.sharp = false;
      flags.plusV = flags.plus;
      flags.plus = false;
    }
    return formatValue(value, verb, flags, this.#budget);
  }

  #readFlags(): Flags {
    const flags = noFlags();
    for (; ; this.#at += 1) {
      switch (this.#format[this.#at]) {
        case '#':
          flags.sharp = true;
          break;
        case '0':
          flags.zero = true;
          break;
        case '+':
          flags.plus = true;
          break;
        case '-':
          flags.minus = true;
          break;
        case ' ':
          flags.space = true;
          break;
        default:
          return flags;
      }
    }
  }

  #readWidth(flags: Flags): void {
    if (this.#format[this.#at] === '*') {
      this.#at += 1;
      const width = this.#integerArgument();
      if (width === undefined) this.#output += '%!(BADWIDTH)';
      else this.#setWidth(flags, width);
      this.#afterIndex = false;
      return;
    }
    const width = this.#number();
    if (width === undefined) return;
    if (this.#afterIndex) this.#goodIndex = false; // "%[3]2d"
    this.#setWidth(flags, width);
  }

  /** A negative width aligns to the left. */
  #setWidth(flags: Flags, width: number): void {
    if (width < 0) flags.minus = true;
    flags.width = Math.abs(width);
    this.#budget.charge(flags.width / bytesPerStep);
  }

  #readPrecision(flags: Flags): void {
    // A dot that ends the format is taken for a verb.
    if (this.#format[this.#at] !== '.' || this.#at + 1 === this.#format.length) return;
    this.#at += 1;
    if (this.#afterIndex) this.#goodIndex = false; // "%[3].2d"
    this.#argumentIndex();
    if (this.#format[this.#at] === '*') {
      this.#at += 1;
      const precision = this.#integerArgument();
      if (precision === undefined || precision < 0) this.#output += '%!(BADPREC)';
      else flags.precision = precision;
      this.#afterIndex = false;
    } else {
      flags.precision = this.#number() ?? 0;
    }
    this.#budget.charge((flags.precision ?? 0) / bytesPerStep);
  }

  /** `[2]` before a width, a precision or a verb. */
  #argumentIndex(): void {
    this.#afterIndex = false;
    if (this.#format[this.#at] !== '[') return;
    this.#reordered = true;
    const { index, length } = readIndex(this.#format, this.#at);
    this.#at += length;
    this.#afterIndex = index !== undefined;
    if (index !== undefined && index >= 0 && index < this.#args.length) this.#arg = index;
    else this.#goodIndex = false;
  }

  #number(): number | undefined {
    let value: number | undefined;
    for (; isDigit(this.#format[this.#at]); this.#at += 1) {
      if (value !== undefined && value > maxWidth) {
        this.#at = this.#format.length;
        return undefined;
      }
      value = (value ?? 0) * 10 + Number(this.#format[this.#at]);
    }
    return value;
  }

  #integerArgument(): number | undefined {
    const value = this.#args[this.#arg];
    if (this.#arg < this.#args.length) this.#arg += 1;
    if (!(value instanceof GoInt)) return undefined;
    return value.value > BigInt(maxWidth) || value.value < BigInt(-maxWidth) ? undefined : Number(value.value);
  }

  #extra(): string {
    const extras = this.#args.slice(this.#arg).map((value) => {
      if (value === null) return '<nil>';
      const type = formatValue(value, 'T', noFlags(), this.#budget);
      return `${type}=${formatValue(value, 'v', noFlags(), this.#budget)}`;
    });
    return `%!(EXTRA ${extras.join(', ')})`;
  }
}

/** A `[` that no index follows is skipped alone, or up to its `]`. */
function readIndex(format: string, at: number): { readonly index: number | undefined; readonly length: number } {
  const end = format.indexOf(']', at);
  if (end === -1 || format.length - at < 3) return { index: undefined, length: 1 };
  const text = format.slice(at + 1, end);
  const isNumber = /^\d+$/.test(text) && Number(text.slice(0, -1)) <= maxWidth;
  return { index: isNumber ? Number(text) - 1 : undefined, length: end + 1 - at };
}

function isDigit(unit: string | undefined): boolean {
  return unit !== undefined && unit >= '0' && unit <= '9';
}
