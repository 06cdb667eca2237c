import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LabelSelector, matchesLabelSelector } from './labelselector.ts';

const labels = { team: 'payments', tier: 'gold' };

const matching: Record<string, LabelSelector> = {
  'no parts match everything': {},
  'all labels are equal': { matchLabels: { team: 'payments', tier: 'gold' } },
  'the value is in the list': { matchExpressions: [{ key: 'tier', operator: 'In', values: ['silver', 'gold'] }] },
  'the value is not in the list': { matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['silver'] }] },
  'an absent label is in no list': { matchExpressions: [{ key: 'zone', operator: 'NotIn', values: ['a'] }] },
  'the label exists': { matchExpressions: [{ key: 'team', operator: 'Exists' }] },
  'the label does not exist': { matchExpressions: [{ key: 'zone', operator: 'DoesNotExist' }] },
};

const other: Record<string, LabelSelector> = {
  'one label differs': { matchLabels: { team: 'payments', tier: 'silver' } },
  'a label is missing': { matchLabels: { zone: 'a' } },
  'the value is not among those': { matchExpressions: [{ key: 'tier', operator: 'In', values: ['silver'] }] },
  'In with an absent label': { matchExpressions: [{ key: 'zone', operator: 'In', values: ['a'] }] },
  'In without values': { matchExpressions: [{ key: 'tier', operator: 'In' }] },
  'the parts disagree': {
    matchLabels: { team: 'payments' },
    matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }],
  },
  'an unknown operator': { matchExpressions: [{ key: 'tier', operator: 'exists' }] },
  'a name of every object': { matchExpressions: [{ key: 'constructor', operator: 'Exists' }] },
};

describe('matchesLabelSelector', () => {
  it.each(Object.entries(matching))('matches: %s', (_, selector) => {
    expect(matchesLabelSelector(selector, labels)).toBe(true);
  });

  it.each(Object.entries(other))('does not match: %s', (_, selector) => {
    expect(matchesLabelSelector(selector, labels)).toBe(false);
  });

  it('an absent selector matches nothing', () => {
    expect(matchesLabelSelector(undefined, labels)).toBe(false);
  });

  it('In and NotIn, Exists and DoesNotExist are opposites', () => {
    const word = fc.constantFrom('a', 'b', 'c');
    fc.assert(
      fc.property(fc.dictionary(word, word), word, fc.array(word), (some, key, values) => {
        const holds = (operator: string) =>
          matchesLabelSelector({ matchExpressions: [{ key, operator, values }] }, some);
        expect(holds('NotIn')).toBe(!holds('In'));
        expect(holds('DoesNotExist')).toBe(!holds('Exists'));
      }),
    );
  });
});
