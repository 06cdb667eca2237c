/** Sprig's functions on paths with slashes, as Go's path; those with `os` do the same, ESO runs on Linux. */
import { define, type TemplateFunction } from '../function.ts';
import { boolType, stringType } from '../types.ts';
import { text } from './arguments.ts';

export const pathFunctions: readonly TemplateFunction[] = [
  ...fromPath(['base', 'osBase'], base),
  ...fromPath(['dir', 'osDir'], dir),
  ...fromPath(['clean', 'osClean'], clean),
  ...fromPath(['ext', 'osExt'], ext),
  ...['isAbs', 'osIsAbs'].map((name) => define(name, [stringType], boolType, ([path]) => text(path).startsWith('/'))),
];

function fromPath(names: readonly string[], convert: (path: string) => string): TemplateFunction[] {
  return names.map((name) => define(name, [stringType], stringType, ([path]) => convert(text(path))));
}

/** The last element; `.` for an empty path, `/` for one of slashes only. */
function base(path: string): string {
  if (path === '') return '.';
  let end = path.length;
  while (end > 0 && path.charAt(end - 1) === '/') end--;
  return end === 0 ? '/' : path.slice(path.lastIndexOf('/', end - 1) + 1, end);
}

function dir(path: string): string {
  return clean(path.slice(0, path.lastIndexOf('/') + 1));
}

/** The shortest path to the same place by its text alone: no `.`, no `..` that can be resolved, no slash at the end. */
function clean(path: string): string {
  const rooted = path.startsWith('/');
  const kept: string[] = [];
  for (const element of path.split('/')) {
    if (element === '' || element === '.') continue;
    if (element !== '..') kept.push(element);
    else if (kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (!rooted) kept.push('..');
  }
  const cleaned = (rooted ? '/' : '') + kept.join('/');
  return cleaned === '' ? '.' : cleaned;
}

/** From the last dot of the last element on. */
function ext(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot);
}
