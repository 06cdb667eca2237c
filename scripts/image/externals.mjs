// Packages that stay outside the bundle: they read files of their own at run time, or choose their code by them.
export const externals = ['@azure/*', '@google-cloud/*', 'google-auth-library', 'google-gax', '@grpc/*', 'node-vault'];

export function isExternal(name) {
  return externals.some((pattern) =>
    pattern.endsWith('/*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
  );
}
