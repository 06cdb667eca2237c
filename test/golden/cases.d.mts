export interface GoldenCase {
  readonly id: string;
  readonly area: string;
  readonly template: string;
}
export function readCases(file: string | URL): GoldenCase[];
export function problemOf(
  golden: GoldenCase,
  render: (text: string, data: Map<string, Uint8Array | string>) => Uint8Array,
  isTemplateError: (error: unknown) => boolean,
): string | undefined;
