/** Writing one kind of object. */
import type { PushRequest } from '../../../provider/provider.ts';

export interface ObjectWriter {
  push(name: string, request: PushRequest, signal: AbortSignal): Promise<void>;
  delete(name: string, property: string, signal: AbortSignal): Promise<void>;
  exists(name: string, property: string, signal: AbortSignal): Promise<boolean>;
}
