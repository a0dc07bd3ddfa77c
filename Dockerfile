# Weir in a container. Build: docker build -t weir .
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY . .
RUN npm ci --include=dev --no-audit --no-fund && npm run build && npm prune --omit=dev --no-audit --no-fund

FROM node:22-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/docs docs
COPY --from=build /app/package.json package.json
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s CMD ["node", "-e", "fetch('http://127.0.0.1:8080/healthz').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
# Beyond the container it needs a token (WEIR_TOKEN), or --insecure when only the host's loopback is published.
# A larger young generation: most of what a beat reads dies within it.
ENTRYPOINT ["node", "--min-semi-space-size=16", "--max-semi-space-size=32", "dist/main.js"]
CMD ["serve", "--listen", "0.0.0.0:8080", "--data", "/data"]
