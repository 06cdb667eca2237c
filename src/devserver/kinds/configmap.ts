/** ConfigMaps: text and bytes under keys. */
import type { StructuralSchema } from '../../api/structural.ts';
import { membersOf } from '../object.ts';
import { decodedBytes } from './base64.ts';
import { keyErrors, lockErrors, sizeErrors } from './keyedbytes.ts';
import type { KindBehaviour } from './served.ts';

export const configMapSchema: StructuralSchema = {
  type: 'object',
  properties: {
    data: { type: 'object', additionalProperties: { type: 'string' } },
    binaryData: { type: 'object', additionalProperties: { type: 'string', format: 'byte' } },
    immutable: { type: 'boolean' },
  },
};

export const configMapBehaviour: KindBehaviour = {
  hasGeneration: false,
  allowsUnconditionalUpdate: true,
  allowsCreateOnUpdate: false,
  validate(object, previous) {
    const text = Object.values(membersOf(object['data'])).map((value) => Buffer.byteLength(String(value)));
    const binary = Object.values(membersOf(object['binaryData'])).map((value) => decodedBytes(String(value)));
    const bytes = [...text, ...binary].reduce((sum, each) => sum + each, 0);
    return [
      ...keyErrors('data', object['data']),
      ...keyErrors('binaryData', object['binaryData']),
      ...sizeErrors('', bytes),
      ...lockErrors(object, previous, ['data', 'binaryData']),
    ];
  },
};
