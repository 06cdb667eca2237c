/** Who this program says it is, to the API server and to clouds. */
import manifest from '../package.json' with { type: 'json' };

export const { version } = manifest;

/** What stands before the slash is the default field manager, as ESO's. */
export const userAgent = `external-secrets/${version}`;
