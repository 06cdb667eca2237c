/**
 * A connection through a proxy needs all of undici, so this module is imported when there is a proxy. It stands between
 * because a bundle would turn a dynamic import of undici itself into one without named exports.
 */
export { ProxyAgent } from 'undici';
