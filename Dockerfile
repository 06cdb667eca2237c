# syntax=docker/dockerfile:1

FROM node:24-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY . .
# With the bill of materials, /app/sbom.json. What is in the image is what `npm run test:image` runs.
RUN node scripts/build.mjs && node scripts/image-files.mjs /image

FROM node:24-slim
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="external-secrets-operator" \
      org.opencontainers.image.description="Keeps Kubernetes Secrets in step with AWS, Vault, Azure, Google and other secret stores." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
ENV NODE_ENV=production
COPY --from=build /image /app
USER 65534:65534
# The controller's; Kubernetes has probes of its own and takes no notice.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8082/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/dist/main.js"]
