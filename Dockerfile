# The image holds what production needs: compiled code, production dependencies, the files that the service reads at start.

# From Microsoft's registry, because Docker Hub limits anonymous pulls and then stops builds in ACR Tasks. The digest decides and
# the tag is for people; change both together.
FROM mcr.microsoft.com/azurelinux/base/nodejs:24.21.0-1-azl3.0.20261005@sha256:c30e39a396fb0ad2c7bf2fe6b4e2fe1598a9b79f09831c07d763fe09927e8779 AS base

FROM base AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN npm run build

FROM base AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts

FROM base
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json observability.json ./
COPY infra/queues.json infra/queues.json
COPY infra/prices.json infra/prices.json
# The image names no user but root; a number needs no name.
USER 1000:1000
EXPOSE 8080
# Not npm: it would not pass the signal on that asks the service to finish its work.
CMD ["node", "--import", "./dist/preload.js", "dist/main.js"]
