/** Whether requests to a host go through the environment's proxy, by the rules of Go's `httpproxy`, which ESO follows. */
import { BlockList, isIP } from 'node:net';

/** The environment's variables, under their upper-case names. */
export interface ProxyEnvironment {
  readonly HTTPS_PROXY?: string | undefined;
  readonly NO_PROXY?: string | undefined;
}

/** The proxy's URL; undefined: connect directly. */
export function proxyFor(server: URL, environment: ProxyEnvironment): string | undefined {
  const { HTTPS_PROXY: proxy, NO_PROXY: exceptions = '' } = environment;
  if (proxy === undefined || proxy === '' || server.protocol !== 'https:') return undefined;
  const host = server.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (host === 'localhost' || isLoopback(host)) return undefined;
  const port = server.port === '' ? '443' : server.port;
  const isExcepted = exceptions.split(',').some((entry) => matches(entry.trim().toLowerCase(), host, port));
  return isExcepted ? undefined : withScheme(proxy);
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === '') return false;
  if (entry === '*') return true;
  if (entry.includes('/')) return inSubnet(entry, host);
  const { name, port: entryPort } = splitPort(entry);
  if (entryPort !== undefined && entryPort !== port) return false;
  const pattern = name.replace(/^\*(?=\.)/, '');
  return pattern.startsWith('.') ? host.endsWith(pattern) : host === pattern || host.endsWith(`.${pattern}`);
}

function splitPort(entry: string): { name: string; port?: string } {
  if (isIP(entry) === 6) return { name: entry };
  const [, name, port] = /^\[?([^\]]*?)\]?:(\d+)$/.exec(entry) ?? [];
  return name === undefined || port === undefined ? { name: entry.replace(/^\[|\]$/g, '') } : { name, port };
}

function inSubnet(entry: string, host: string): boolean {
  const [network = '', prefix = ''] = entry.split('/');
  if (isIP(network) === 0 || isIP(network) !== isIP(host) || !/^\d+$/.test(prefix)) return false;
  const family = isIP(host) === 6 ? 'ipv6' : 'ipv4';
  const bits = Number(prefix);
  if (bits > (family === 'ipv6' ? 128 : 32)) return false;
  const list = new BlockList();
  list.addSubnet(network, bits, family);
  return list.check(host, family);
}

function isLoopback(host: string): boolean {
  return host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function withScheme(proxy: string): string {
  return /^[a-z0-9]+:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
}
