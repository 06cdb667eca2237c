/** Kubernetes' label selectors: their schema and their meaning. */
import { z } from 'zod';
import { atomicList, atomicMap, stringMap } from './dialect.ts';
import type { Immutable } from './metadata.ts';

const Requirement = z.object({
  key: z.string(),
  operator: z.string(),
  values: atomicList(z.array(z.string())).optional(),
});
type Requirement = Immutable<z.output<typeof Requirement>>;

/** All of its parts must match; without parts it matches everything. */
export const LabelSelector = atomicMap(
  z.object({
    matchLabels: stringMap().optional(),
    matchExpressions: atomicList(z.array(Requirement)).optional(),
  }),
);
export type LabelSelector = Immutable<z.output<typeof LabelSelector>>;

type Labels = Readonly<Record<string, string>>;

/**
 * Whether the labels fit, as the API server judges. An absent selector and one with an unknown operator fit nothing:
 * a typing error must not open a door.
 */
export function matchesLabelSelector(selector: LabelSelector | undefined, labels: Labels): boolean {
  if (selector === undefined) return false;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labelOf(labels, key) === value) &&
    matchExpressions.every((requirement) => meets(requirement, labelOf(labels, requirement.key)))
  );
}

function labelOf(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

function meets({ operator, values = [] }: Requirement, label: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return label !== undefined && values.includes(label);
    case 'NotIn':
      return label === undefined || !values.includes(label);
    case 'Exists':
      return label !== undefined;
    case 'DoesNotExist':
      return label === undefined;
    default:
      return false;
  }
}
