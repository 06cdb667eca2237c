import { describe, expect, it } from 'vitest';
import { Endpoints } from './endpoints.ts';

function routed(environment: Record<string, string>, url: string): string {
  return new Endpoints(environment).route(new URL(url)).href;
}

describe('where the services are', () => {
  it('is in the region for regional secrets', () => {
    const endpoints = new Endpoints({});
    expect(endpoints.secretManagerHost(undefined)).toBe('secretmanager.googleapis.com');
    expect(endpoints.secretManagerHost('europe-west3')).toBe('secretmanager.europe-west3.rep.googleapis.com');
  });

  it('follows the universe', () => {
    const endpoints = new Endpoints({ GOOGLE_CLOUD_UNIVERSE_DOMAIN: 'example-cloud.com' });
    expect(endpoints.secretManagerHost(undefined)).toBe('secretmanager.example-cloud.com');
    expect(endpoints.tokenExchange).toBe('https://sts.example-cloud.com/v1/token');
  });

  it('is where the environment says, for each service on its own', () => {
    const environment = { GCP_STS_ENDPOINT: 'http://127.0.0.1:9/base/' };
    expect(routed(environment, 'https://sts.googleapis.com/v1/token')).toBe('http://127.0.0.1:9/base/v1/token');
    const other = 'https://secretmanager.googleapis.com:443/v1/projects/p?x=1';
    expect(routed(environment, other)).toBe(new URL(other).href);
  });

  it('can keep the host that was meant', () => {
    const environment = { GCP_SECRETMANAGER_ENDPOINT: 'http://gateway/{host}' };
    const url = 'https://secretmanager.us-east1.rep.googleapis.com/v1/projects/p/locations/us-east1/secrets';
    expect(routed(environment, url)).toBe(url.replace('https://', 'http://gateway/'));
  });

  it('is not moved for hosts that only look like those of Google', () => {
    const url = 'https://sts.googleapis.com.evil.example/v1/token';
    expect(routed({ GCP_STS_ENDPOINT: 'http://127.0.0.1:9' }, url)).toBe(url);
    expect(routed({ GCP_STS_ENDPOINT: 'not a URL' }, 'https://sts.googleapis.com/')).toBe(
      'https://sts.googleapis.com/',
    );
  });

  it('names service accounts in a way that cannot leave their place in the URL', () => {
    expect(new Endpoints({}).generateAccessToken('a/../b?c@p.iam.gserviceaccount.com')).toBe(
      'https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/a%2F..%2Fb%3Fc@p.iam.gserviceaccount.com:generateAccessToken',
    );
  });
});
