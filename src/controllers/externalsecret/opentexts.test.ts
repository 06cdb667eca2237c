import { describe, expect, it } from 'vitest';
import { hideQuotations, madeTexts } from './opentexts.ts';

describe('a quotation', () => {
  const open = '{{ mustToDate "2006-01-02" (.value | upper) }} and "a \\"quoted\\" word"';

  it.each([
    [
      'is hidden when it was made of a value',
      'parsing time "SECRET" as "2006-01-02"',
      'parsing time "***" as "2006-01-02"',
    ],
    [
      'is hidden in backquotes as well',
      'error parsing regexp: missing closing ): `(SECRET`',
      'error parsing regexp: missing closing ): "***"',
    ],
    ['is hidden with the quotes in it', 'cannot parse "SEC\\"RET"', 'cannot parse "***"'],
    [
      'stays when the template says it',
      'executing at <mustToDate "2006-01-02">',
      'executing at <mustToDate "2006-01-02">',
    ],
    ['stays when it is too short to say anything', 'unexpected "}}" and "abc"', 'unexpected "}}" and "abc"'],
    ['that is none is left alone', 'a " here', 'a " here'],
  ])('%s', (_, message, expected) => {
    expect(hideQuotations(message, open)).toBe(expected);
  });

  it('stays when the template quotes it', () => {
    expect(hideQuotations('bad "a \\"quoted\\" word"', 'x a "quoted" word x')).toBe('bad "a \\"quoted\\" word"');
  });
});

describe('texts of a target', () => {
  it('are made of values unless the template says them', () => {
    const template = { metadata: { labels: { team: 'co"re', made: '{{ .value }}' } } };
    expect(madeTexts(template, ['team', 'co"re', 'SECRET']).map(String)).toEqual(['SECRET']);
  });
});
