/** Runs the generation alone: it also works when the operator itself cannot start because its registry is stale. */
import { generate } from '../src/cmd/generate.ts';

const root = new URL('../', import.meta.url);
const upToDate = await generate({ root, check: process.argv.includes('--check'), print: console.log });
process.exitCode = upToDate ? 0 : 1;
