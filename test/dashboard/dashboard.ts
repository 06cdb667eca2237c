/** `dashboard.json`, as far as it is read here. */
import { readFile } from 'node:fs/promises';

export interface Target {
  readonly expr: string;
  readonly legendFormat?: string;
  readonly instant?: boolean;
  readonly refId: string;
  readonly datasource: { readonly uid: string };
}

export interface Threshold {
  readonly color: string;
  /** Null: from the beginning. */
  readonly value: number | null;
}

export interface Panel {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  /** A row has none. */
  readonly targets?: readonly Target[];
  readonly fieldConfig?: {
    readonly defaults?: {
      readonly unit?: string;
      readonly max?: number;
      readonly thresholds?: { readonly steps: readonly Threshold[] };
    };
  };
}

export interface Dashboard {
  readonly title: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly query: string }[] };
}

export async function readDashboard(): Promise<Dashboard> {
  const file = new URL('../../charts/external-secrets/files/dashboard.json', import.meta.url);
  return JSON.parse(await readFile(file, 'utf8')) as Dashboard;
}

/** A query of the dashboard with its variables filled in. */
export function filledIn(expr: string, { templating }: Dashboard): string {
  return templating.list.reduce((text, { name, query }) => text.replaceAll(`$${name}`, query), expr);
}
