import { describe, expect, it } from 'vitest';
import { compileRule } from './rule.ts';

describe('a rule', () => {
  it.each([
    ['has(self.a)', { a: '' }, true],
    ['has(self.a)', {}, false],
    ['has(self.a.b)', { a: {} }, false],
    ['!has(self.a) || self.a == "x"', { a: 'x' }, true],
    ['has(self.a) != has(self.b)', { a: 1, b: 1 }, false],
    ['[has(self.a),has(self.b)].filter(x,x==true).size() <= 1', { a: 1 }, true],
    ['[has(self.a),has(self.b)].filter(x,x==true).size() <= 1', { a: 1, b: 1 }, false],
    ["!('k' in self) && !('l' in self)", { m: '1' }, true],
    ["'k' in self", { k: '1' }, true],
    ['self.list.all(x, x.size() > 1)', { list: ['ab', 'cd'] }, true],
    ['self.list.exists(x, x == "ab")', { list: ['ab'] }, true],
    ['self.list.exists_one(x, x == 1)', { list: [1, 1] }, false],
    ['self.list.map(x, x * 2) == [2, 4]', { list: [1, 2] }, true],
    ['size(self.list) == 2 && self.list[1] == 5', { list: [4, 5] }, true],
    ["self.a.startsWith('x') && self.a.endsWith('z') && self.a.contains('y')", { a: 'xyz' }, true],
    ["self.a.matches('^[a-z]+$')", { a: 'abc' }, true],
    ['self.n >= 1 && self.n < 10 && self.n % 2 == 0', { n: 4 }, true],
    ['-self.n + 3 * 2 - 1 == 1', { n: 4 }, true],
    ['7 / 2 == 3', {}, true],
    ['self.a > "a"', { a: 'b' }, true],
    ['has(self.a) ? self.a == 1 : self.b == 2', { b: 2 }, true],
    ['self == {}', { a: 1 }, undefined],
    ['"a\\"b" == self.a && \'it\\\'s\' == self.b', { a: 'a"b', b: "it's" }, true],
    ['(true || false) && !(1 in [2, 3]) && null == null', {}, true],
    ['self["a"] == 1', { a: 1 }, true],
    ['self.a + self.b == "xy"', { a: 'x', b: 'y' }, true],
  ])('%s of %j is %s', (text, self, expected) => {
    if (expected === undefined) expect(() => compileRule(text)).toThrow();
    else expect(compileRule(text)(self)).toBe(expected);
  });

  it.each([
    ['self.missing == 1', {}],
    ['self.list[3] == 1', { list: [] }],
    ['self.a && true', { a: 'text' }],
    ['self.a + 1 == 2', { a: 'text' }],
    ['size(self.a) == 1', { a: 5 }],
    ['self.a.startsWith("x")', { a: 5 }],
    ['self.a.all(x, true)', { a: 5 }],
    ['self.toString == 1', {}],
  ])('%s does not hold of %j, which it cannot deal with', (text, self) => {
    expect(compileRule(text)(self)).toBe(false);
  });

  it.each(['', 'self.', 'has(self.a', '[1, 2', 'self.a ==', 'a b', 'self.a.unknown()', 'oldSelf.a == 1', '@', '"open'])(
    '%j is refused',
    (text) => {
      expect(() => compileRule(text)).toThrow(expect.objectContaining({ name: 'CelSyntaxError' }));
    },
  );
});
