/** `external-secrets render` on the terminal. */
import { toError } from '../../runtime/errors.ts';
import { exitCodes, type RenderOptions, render } from './render.ts';
import { ValuesError } from './values.ts';

/** Answers the exit code. */
export async function runRender(options: RenderOptions): Promise<number> {
  const output = {
    out: (text: string): unknown => process.stdout.write(text),
    err: (line: string): unknown => process.stderr.write(`${line}\n`),
  };
  try {
    return await render(options, output);
  } catch (error) {
    const { message } = toError(error);
    output.err(message);
    return error instanceof ValuesError ? exitCodes.failed : exitCodes.nothing;
  }
}
