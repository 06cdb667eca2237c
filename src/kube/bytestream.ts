/** One HTTP request whose answer is read while it comes: the ground of every watch. */
import type { Dispatcher } from 'undici';
import { asError, type HeaderRecord, type HttpRequest } from './exchange.ts';

export interface StreamOptions {
  readonly signal: AbortSignal;
  /** The stream breaks when nothing at all came for so long. */
  readonly idleTimeoutMs: number;
}

/** Reading stops the socket, not the memory, when the reader is slow. */
const highWaterBytes = 1 << 20;

/** The bytes of one answer. Iterate once; leaving the loop closes the connection. */
export class ByteStream implements Dispatcher.DispatchHandler {
  readonly status: Promise<number>;
  readonly #chunks: Buffer[] = [];
  readonly #onAbort: () => void;
  readonly #signal: AbortSignal;
  #bufferedBytes = 0;
  #controller: Dispatcher.DispatchController | undefined;
  #resolveStatus: (status: number) => void = () => {};
  #rejectStatus: (error: Error) => void = () => {};
  #wake: () => void = () => {};
  #isComplete = false;
  #error: Error | undefined;

  static open(dispatcher: Dispatcher, request: HttpRequest, options: StreamOptions): ByteStream {
    const stream = new ByteStream(options.signal);
    const { idleTimeoutMs } = options;
    dispatcher.dispatch({ ...request, headersTimeout: idleTimeoutMs, bodyTimeout: idleTimeoutMs }, stream);
    return stream;
  }

  private constructor(signal: AbortSignal) {
    this.#signal = signal;
    this.status = new Promise((resolve, reject) => {
      this.#resolveStatus = resolve;
      this.#rejectStatus = reject;
    });
    this.#onAbort = () => this.#fail(asError(signal.reason));
    signal.addEventListener('abort', this.#onAbort);
    if (signal.aborted) this.#onAbort();
  }

  /** @throws what broke the stream, or the signal's reason */
  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void, void> {
    try {
      for (;;) {
        const chunk = this.#chunks.shift();
        if (chunk !== undefined) {
          this.#release(chunk);
          yield chunk;
        } else if (this.#error !== undefined) {
          throw this.#error;
        } else if (this.#isComplete) {
          return;
        } else {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        }
      }
    } finally {
      this.close();
    }
  }

  close(): void {
    this.#signal.removeEventListener('abort', this.#onAbort);
    if (!this.#isComplete) this.#controller?.abort(new Error('the reader left'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#error !== undefined) controller.abort(this.#error);
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, _headers: HeaderRecord): void {
    this.#resolveStatus(status);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bufferedBytes += chunk.length;
    if (this.#bufferedBytes > highWaterBytes) controller.pause();
    this.#wake();
  }

  onResponseEnd(): void {
    this.#isComplete = true;
    this.#wake();
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  #release(chunk: Buffer): void {
    this.#bufferedBytes -= chunk.length;
    if (this.#controller?.paused === true && this.#bufferedBytes <= highWaterBytes) this.#controller.resume();
  }

  #fail(error: Error): void {
    this.#error ??= error;
    this.#rejectStatus(this.#error);
    this.#controller?.abort(this.#error);
    this.#wake();
  }
}
