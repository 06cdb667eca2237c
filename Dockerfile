# syntax=docker/dockerfile:1

FROM node:24-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY . .
RUN node scripts/build.mjs

FROM node:24-slim AS dependencies
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --omit=dev

FROM node:24-slim
LABEL org.opencontainers.image.title="external-secrets-operator" \
      org.opencontainers.image.description="Keeps Kubernetes Secrets in step with AWS, Vault, Azure, Google and other secret stores." \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production
WORKDIR /app
COPY package.json LICENSE ./
COPY --from=dependencies /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
USER 65534:65534
ENTRYPOINT ["node", "/app/dist/main.js"]
