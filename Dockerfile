# The image holds what production needs: compiled code, production dependencies, the files that the service reads at start.

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN npm run build

FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json observability.json ./
COPY infra/queues.json infra/queues.json
USER node
EXPOSE 8080
# Not npm: it would not pass the signal on that asks the service to finish its work.
CMD ["node", "--import", "./dist/preload.js", "dist/main.js"]
