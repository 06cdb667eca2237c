/** Draws Grafana's panels as far as this dashboard uses them: rows, single numbers, tables, and lines over time. */
import { type Dashboard, filledIn, type Panel, type Target } from './dashboard.ts';
import { drawLines, type Line } from './lines.ts';
import type { Prometheus } from './prometheus.ts';
import { format } from './units.ts';

export interface Drawing {
  readonly html: string;
  readonly widthPx: number;
  readonly heightPx: number;
}

const columnPx = 60;
const rowPx = 28;
const titlePx = 46;
const captionPx = 34;
const caption =
  "Drawn from dashboard.json and a real Prometheus by this project's own renderer, not by Grafana. " +
  'Rates are over 30 s here, over 5 min and more in the dashboard.';
const thresholdColors: Readonly<Record<string, string>> = { green: '#73bf69', red: '#f2495c' };
const style = `
body { margin: 0; background: #111217; color: #ccccdc; font: 13px system-ui, sans-serif; }
h1 { font-size: 18px; margin: 0 14px; line-height: ${titlePx}px; font-weight: 500; }
.panel, .row { position: absolute; overflow: hidden; box-sizing: border-box; }
.panel { background: #181b1f; border: 1px solid #2c2f36; border-radius: 3px; }
.panel h2 { font-size: 13px; font-weight: 500; margin: 7px 10px; line-height: 18px; }
.row { font-size: 15px; line-height: ${rowPx - 4}px; padding-left: 6px; }
.number { font-size: 38px; text-align: center; line-height: 56px; }
.legend { font-size: 11px; margin: 0 10px; line-height: 1.5; height: 34px; overflow: hidden; }
.legend span { display: inline-block; white-space: nowrap; }
.legend i { display: inline-block; width: 10px; height: 3px; margin: 0 4px 2px 10px; }
table { margin: 2px 10px; border-spacing: 0 2px; font-size: 12px; text-align: left; width: 90%; }
th { color: #8e8e9a; font-weight: 500; }
text { fill: #8e8e9a; font-size: 10px; }
.caption { color: #8e8e9a; margin: 0 14px; line-height: ${captionPx}px; font-size: 12px; }
`;

/** @param durationMs how much of the past it shows */
export async function drawDashboard(dashboard: Dashboard, source: Prometheus, durationMs: number): Promise<Drawing> {
  const panels: string[] = [];
  for (const panel of dashboard.panels) panels.push(frame(panel, await contents(panel, dashboard, source, durationMs)));
  const rows = Math.max(...dashboard.panels.map(({ gridPos }) => gridPos.y + gridPos.h));
  const body = `<h1>${dashboard.title}</h1>
<div style="position:relative;height:${rows * rowPx}px">${panels.join('\n')}</div><p class="caption">${caption}</p>`;
  const html = `<!doctype html><meta charset="utf-8"><style>${style}</style>${body}`;
  return { html, widthPx: 24 * columnPx, heightPx: titlePx + rows * rowPx + captionPx + 8 };
}

function sizeOf({ gridPos }: Panel): { readonly widthPx: number; readonly heightPx: number } {
  return { widthPx: gridPos.w * columnPx - 8, heightPx: gridPos.h * rowPx - 8 };
}

function frame(panel: Panel, inside: string): string {
  const { x, y } = panel.gridPos;
  const { widthPx, heightPx } = sizeOf(panel);
  const isRow = panel.type === 'row';
  const place = `left:${x * columnPx + 4}px;top:${y * rowPx + 4}px;width:${widthPx}px;height:${isRow ? rowPx : heightPx}px`;
  if (isRow) return `<div class="row" style="${place}">▾ ${panel.title}</div>`;
  return `<div class="panel" style="${place}"><h2>${panel.title}</h2>${inside}</div>`;
}

async function contents(panel: Panel, dashboard: Dashboard, source: Prometheus, durationMs: number): Promise<string> {
  const { targets = [], fieldConfig } = panel;
  const answers = await Promise.all(targets.map((target) => linesOf(target, dashboard, source, durationMs)));
  const lines = answers.flat();
  if (targets.length > 0 && lines.length === 0) return '<p class="legend">No data</p>';
  const { unit = 'none', max } = fieldConfig?.defaults ?? {};
  if (panel.type === 'stat') return drawNumber(panel, lines[0]?.points.at(-1)?.[1] ?? 0);
  if (panel.type === 'table') return drawTable(lines);
  const { widthPx, heightPx } = sizeOf(panel);
  return panel.type === 'row' ? '' : drawLines(lines, { widthPx, heightPx: heightPx - 32, unit, max });
}

async function linesOf(
  { expr, legendFormat, instant = false }: Target,
  dashboard: Dashboard,
  source: Prometheus,
  durationMs: number,
): Promise<readonly Line[]> {
  // The picture shows minutes where an operator looks at hours.
  const query = filledIn(expr, dashboard).replaceAll(/\[(?:5m|10m|1h)\]/g, '[30s]');
  const answer = await (instant ? source.instant(query) : source.range(query, durationMs));
  return answer.map(({ labels, points }) => ({ legend: legendOf(labels, legendFormat), points }));
}

/** Without a format, as in the table: the object that it is about. */
function legendOf(labels: Readonly<Record<string, string>>, legendFormat: string | undefined): string {
  if (legendFormat === undefined) return `${labels['namespace']} / ${labels['name']}`;
  return legendFormat.replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => labels[label] ?? '');
}

function drawNumber({ fieldConfig }: Panel, value: number): string {
  const { unit = 'none', thresholds } = fieldConfig?.defaults ?? {};
  const reached = (thresholds?.steps ?? []).filter((step) => step.value === null || step.value <= value);
  const color = thresholdColors[reached.at(-1)?.color ?? ''] ?? '#ccccdc';
  return `<div class="number" style="color:${color}">${format(value, unit)}</div>`;
}

function drawTable(lines: readonly Line[]): string {
  const rows = lines.slice(0, 8).map(({ legend }) => `<tr><td>${legend}</td></tr>`);
  return `<table><tr><th>namespace / name</th></tr>${rows.join('')}</table>`;
}
