/** Draws Grafana's panels as far as this dashboard uses them: single numbers, tables, and lines over time. */
import type { Prometheus, Series } from './prometheus.ts';

interface Panel {
  readonly title: string;
  readonly type: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets: readonly { readonly expr: string; readonly legendFormat?: string }[];
  readonly fieldConfig?: { readonly defaults?: { readonly unit?: string } };
}

export interface Dashboard {
  readonly title: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly query: string }[] };
}

export interface Drawing {
  readonly html: string;
  readonly widthPx: number;
  readonly heightPx: number;
}

interface Line {
  readonly legend: string;
  readonly points: Series['points'];
}

const columnPx = 60;
const rowPx = 30;
const colors = ['#7eb26d', '#eab839', '#6ed0e0', '#ef843c', '#e24d42', '#1f78c1', '#ba43a9', '#705da0'];
const style = `
body { margin: 0; background: #111217; color: #ccccdc; font: 13px system-ui, sans-serif; }
h1 { font-size: 18px; margin: 12px 14px; font-weight: 500; }
.panel { position: absolute; background: #181b1f; border: 1px solid #2c2f36; border-radius: 3px; overflow: hidden; }
.panel h2 { font-size: 13px; font-weight: 500; margin: 7px 10px; }
.number { font-size: 44px; text-align: center; margin-top: -2px; color: #73bf69; }
.legend { font-size: 11px; margin: 0 10px; line-height: 1.5; max-height: 34px; overflow: hidden; }
.legend i { display: inline-block; width: 10px; height: 3px; margin: 0 4px 2px 10px; }
table { margin: 4px 10px; border-spacing: 12px 2px; font-size: 12px; text-align: left; }
text { fill: #8e8e9a; font-size: 10px; }
`;

/** @param durationMs how much of the past it shows */
export async function drawDashboard(dashboard: Dashboard, source: Prometheus, durationMs: number): Promise<Drawing> {
  const panels: string[] = [];
  for (const panel of dashboard.panels) panels.push(draw(panel, await linesOf(panel, dashboard, source, durationMs)));
  const rows = Math.max(...dashboard.panels.map(({ gridPos }) => gridPos.y + gridPos.h));
  const body = `<h1>${dashboard.title}</h1><div style="position:relative">${panels.join('')}</div>`;
  const html = `<!doctype html><meta charset="utf-8"><style>${style}</style>${body}`;
  return { html, widthPx: 24 * columnPx, heightPx: rows * rowPx + 50 };
}

async function linesOf(
  { targets }: Panel,
  { templating }: Dashboard,
  source: Prometheus,
  durationMs: number,
): Promise<readonly Line[]> {
  const lines: Line[] = [];
  for (const { expr, legendFormat = '' } of targets) {
    // The picture shows minutes where an operator looks at hours.
    const query = templating.list
      .reduce((text, { name, query: value }) => text.replaceAll(`$${name}`, value), expr)
      .replaceAll(/\[(?:5m|10m|1h)\]/g, '[30s]');
    for (const { labels, points } of await source.range(query, durationMs)) {
      lines.push({
        legend: legendFormat.replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => labels[label] ?? ''),
        points,
      });
    }
  }
  return lines;
}

function draw(panel: Panel, lines: readonly Line[]): string {
  const { x, y, w, h } = panel.gridPos;
  const [widthPx, heightPx] = [w * columnPx - 8, h * rowPx - 8];
  const place = `left:${x * columnPx + 4}px;top:${y * rowPx + 4}px;width:${widthPx}px;height:${heightPx}px`;
  const contents = drawContents(panel, lines, widthPx, heightPx);
  return `<div class="panel" style="${place}"><h2>${panel.title}</h2>${contents}</div>`;
}

function drawContents(panel: Panel, lines: readonly Line[], widthPx: number, heightPx: number): string {
  if (lines.length === 0) return '<p class="legend">No data</p>';
  switch (panel.type) {
    case 'stat':
      return `<div class="number">${format(lines[0]?.points.at(-1)?.[1] ?? 0, '')}</div>`;
    case 'table':
      return drawTable(lines);
    default:
      return drawLines(lines, panel.fieldConfig?.defaults?.unit ?? '', widthPx, heightPx);
  }
}

function drawTable(lines: readonly Line[]): string {
  const rows = lines.slice(0, 8).map(({ legend }) => `<tr><td>${legend}</td></tr>`);
  return `<table>${rows.join('')}</table>`;
}

function drawLines(lines: readonly Line[], unit: string, widthPx: number, heightPx: number): string {
  const [left, bottom, legendPx] = [58, 16, 40];
  const [plotPx, tallPx] = [widthPx - left - 12, heightPx - 34 - legendPx - bottom];
  const times = lines.flatMap(({ points }) => points.map(([at]) => at));
  const values = lines.flatMap(({ points }) => points.map(([, value]) => value)).filter(Number.isFinite);
  const [first, last, highest] = [Math.min(...times), Math.max(...times), Math.max(...values) || 1];
  const px = (at: number): number => left + ((at - first) / Math.max(1, last - first)) * plotPx;
  const py = (value: number): number => 4 + (1 - value / highest) * (tallPx - 4);
  const paths = lines.map(({ points }, index) => {
    const finite = points.filter(([, value]) => Number.isFinite(value));
    const steps = finite.map(
      ([at, value], step) => `${step === 0 ? 'M' : 'L'}${px(at).toFixed(1)},${py(value).toFixed(1)}`,
    );
    return `<path d="${steps.join('')}" fill="none" stroke="${colors[index % colors.length]}" stroke-width="1.5"/>`;
  });
  const grid = [0, 0.5, 1].map((part) => {
    const at = py(highest * part);
    const line = `<line x1="${left}" x2="${left + plotPx}" y1="${at}" y2="${at}" stroke="#2c2f36"/>`;
    return `${line}<text x="${left - 6}" y="${at + 3}" text-anchor="end">${format(highest * part, unit)}</text>`;
  });
  const clock = [first, (first + last) / 2, last].map((at) => {
    const label = new Date(at * 1000).toISOString().slice(11, 19);
    return `<text x="${px(at)}" y="${tallPx + 14}" text-anchor="middle">${label}</text>`;
  });
  const legend = lines.map(
    ({ legend: name }, index) => `<i style="background:${colors[index % colors.length]}"></i>${name}`,
  );
  const svg = `<svg width="${widthPx}" height="${tallPx + bottom}">${grid.join('')}${paths.join('')}${clock.join('')}</svg>`;
  return `${svg}<div class="legend">${legend.join('')}</div>`;
}

function format(value: number, unit: string): string {
  if (unit === 'bytes') return `${(value / 1e6).toFixed(0)} MB`;
  if (unit === 's') return `${(value * 1000).toFixed(0)} ms`;
  const text =
    value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(value % 1 === 0 ? 0 : 1) : value.toPrecision(2);
  const plain = value === 0 ? '0' : text;
  return unit === 'currencyUSD' ? `$${plain}` : plain;
}
