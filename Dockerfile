# The app, run as `celery-review serve`. Configuration comes from the environment: APP_ID, PRIVATE_KEY, WEBHOOK_SECRET.

FROM node:24-trixie AS build
WORKDIR /app
COPY package.json package-lock.json ./
# SQLite is compiled, with the headers of this very Node: its own installation would fetch a binary that nothing pins.
RUN npm ci --ignore-scripts && npm run --prefix node_modules/better-sqlite3 build-release -- --nodedir=/usr/local
COPY . .
# TypeScript, which other packages may use, counts as optional; what SQLite was made from is of no use any more.
RUN npm run build && npm prune --omit=dev --omit=optional --ignore-scripts && \
  cd node_modules/better-sqlite3 && rm -r deps build/Release/obj*

# The same Debian as above, whose C library the compiled SQLite wants.
FROM node:24-trixie-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/references ./references
COPY --from=build /app/app.yml ./
RUN mkdir /data && chown node /data
ENV DATA_DIR=/data
VOLUME /data
USER node
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Not through npm, which would keep SIGTERM from the app.
CMD ["node", "dist/src/cli/main.js", "serve"]
