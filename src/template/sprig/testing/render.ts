/** Renders one template for a test; text stands for its UTF-8 bytes. */
import { type CompileOptions, compile, TemplateError } from '../../index.ts';

type Data = Readonly<Record<string, Uint8Array | string>>;

export function rendered(template: string, data: Data = {}, options: CompileOptions = {}): string {
  return Buffer.from(renderedBytes(template, data, options)).toString('utf8');
}

export function renderedBytes(template: string, data: Data = {}, options: CompileOptions = {}): Uint8Array {
  return compile(template, options).render(data);
}

/** The message of the error that ends the rendering; an error of any other type is none that templates may cause. */
export function failure(template: string, data: Data = {}, options: CompileOptions = {}): string {
  try {
    const output = rendered(template, data, options);
    return `no failure, but: ${output}`;
  } catch (error) {
    if (error instanceof TemplateError) return error.message;
    throw error;
  }
}
