/** Lines over time with their legend, as SVG. */
import type { Series } from './prometheus.ts';
import { format } from './units.ts';

export interface Line {
  readonly legend: string;
  readonly points: Series['points'];
}

export interface LinesOptions {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly unit: string;
  /** The top of the axis; default: the highest value. */
  readonly max?: number | undefined;
}

interface Scale {
  readonly x: (at: number) => number;
  readonly y: (value: number) => number;
}

const colors = ['#7eb26d', '#eab839', '#6ed0e0', '#ef843c', '#e24d42', '#5195ce', '#ba43a9', '#9a8cd0'];
const left = 62;
const right = 26;
const top = 8;
const axisPx = 18;
const legendPx = 48;

export function drawLines(lines: readonly Line[], options: LinesOptions): string {
  const { widthPx, heightPx, unit } = options;
  const bottom = heightPx - legendPx - axisPx;
  const points = lines.flatMap((line) => line.points).filter(([, value]) => Number.isFinite(value));
  const [first, last] = [Math.min(...points.map(([at]) => at)), Math.max(...points.map(([at]) => at))];
  const highest = options.max ?? (Math.max(...points.map(([, value]) => value)) || 1);
  const scale: Scale = {
    x: (at) => left + ((at - first) / Math.max(1, last - first)) * (widthPx - left - right),
    y: (value) => top + (1 - value / highest) * (bottom - top),
  };
  const grid = [0, 0.5, 1].map((part) => drawLevel(highest * part, unit, scale, widthPx));
  const clock = [first, (first + last) / 2, last].map((at) => drawTime(at, scale, bottom));
  const paths = lines.map((line, index) => drawPath(line, colorOf(index), scale));
  const svg = `<svg width="${widthPx}" height="${bottom + axisPx}">${[...grid, ...paths, ...clock].join('')}</svg>`;
  return `${svg}<div class="legend">${lines.map(({ legend }, index) => drawName(legend, colorOf(index))).join('')}</div>`;
}

function drawPath({ points }: Line, color: string, { x, y }: Scale): string {
  const finite = points.filter(([, value]) => Number.isFinite(value));
  const steps = finite.map(
    ([at, value], step) => `${step === 0 ? 'M' : 'L'}${x(at).toFixed(1)},${y(value).toFixed(1)}`,
  );
  return `<path d="${steps.join('')}" fill="none" stroke="${color}" stroke-width="1.5"/>`;
}

function drawLevel(value: number, unit: string, { y }: Scale, widthPx: number): string {
  const line = `<line x1="${left}" x2="${widthPx - right}" y1="${y(value)}" y2="${y(value)}" stroke="#2c2f36"/>`;
  return `${line}<text x="${left - 6}" y="${y(value) + 3}" text-anchor="end">${format(value, unit)}</text>`;
}

function drawTime(at: number, { x }: Scale, bottom: number): string {
  const label = new Date(at * 1000).toISOString().slice(11, 19);
  return `<text x="${x(at)}" y="${bottom + 14}" text-anchor="middle">${label}</text>`;
}

function drawName(legend: string, color: string): string {
  return `<span><i style="background:${color}"></i>${legend}</span>`;
}

function colorOf(index: number): string {
  return colors[index % colors.length] ?? '';
}
