# syntax=docker/dockerfile:1
# One image with every program: gateway, the services, report-writer with its fonts, and the
# scripts `migrate` and `healthcheck`. What runs is chosen by the command.
#
#   docker build -t traction:1.0.0 --build-arg REVISION="$(git rev-parse HEAD)" .
#
# Runs as an unprivileged user with a read-only root; only the report of svc-analytics wants a
# writable /tmp. Configuration and secrets come from the environment: `gateway --help-config`.

FROM debian:bookworm-slim AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        cmake gcc libc-ares-dev libc6-dev libcairo2-dev libcurl4-openssl-dev libczmq-dev libjansson-dev libjose-dev libmicrohttpd-dev \
        libmsgpack-dev libpango1.0-dev libpng-dev libpq-dev libqpdf-dev libssl-dev libutf8proc-dev libuv1-dev libxml2-dev \
        libxxhash-dev libzip-dev libzmq3-dev ninja-build pkgconf zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
# What .dockerignore lets through: the sources.
COPY . .
RUN cmake --preset release -B /build \
    && ninja -C /build \
    && cmake --install /build --strip --prefix /programs

# The page of /docs.
FROM node:20-bookworm-slim AS docs
WORKDIR /docs
COPY deploy/docs/package.json deploy/docs/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund \
    && mkdir /files \
    && cd node_modules/swagger-ui-dist \
    && cp swagger-ui-bundle.js swagger-ui.css favicon-32x32.png LICENSE NOTICE /files/

# The page of /console/.
FROM node:20-bookworm-slim AS console
WORKDIR /web
COPY package.json package-lock.json ./
COPY clients clients
COPY console console
COPY tests/web/package.json tests/web/
RUN npm ci --workspace console --ignore-scripts --no-audit --no-fund \
    && npm run build --workspace console

FROM debian:bookworm-slim
ARG VERSION=1.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="traction" \
      org.opencontainers.image.description="Goals, KPIs, actions and issues of a company: gateway and services" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.base.name="docker.io/library/debian:bookworm-slim"
# The cache of fonts is made here, because the root is read-only later. It holds the folders' times,
# of which an image keeps whole seconds only: others would make it worthless.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        ca-certificates fontconfig fonts-noto-color-emoji fonts-noto-core fonts-wqy-microhei libc-ares2 libcairo2 \
        libcurl4 libczmq4 libjansson4 libjose0 libmicrohttpd12 libmsgpackc2 libpango-1.0-0 libpangocairo-1.0-0 libpng16-16 libpq5 libqpdf29 \
        libssl3 libutf8proc2 libuv1 libxml2 libzip4 libzmq5 tini zlib1g \
    && rm -rf /var/lib/apt/lists/* /usr/share/doc /usr/share/man \
    && find /usr/share/fonts /usr/local/share/fonts -exec touch --date=2000-01-01 {} + \
    && fc-cache -f
COPY --from=build /programs/ /usr/local/bin/
COPY --from=docs /files/ /usr/share/traction/docs/
COPY --from=console /web/console/dist/ /usr/share/traction/console/
COPY deploy/image/healthcheck deploy/image/migrate /usr/local/bin/
ENV TRACTION_HOST=0.0.0.0 \
    TRACTION_ADMIN_HOST=0.0.0.0 \
    TRACTION_ADMIN_PORT=9100 \
    TRACTION_ENVIRONMENT=production \
    TRACTION_DOCS_DIR=/usr/share/traction/docs \
    TRACTION_CONSOLE_DIR=/usr/share/traction/console
USER 10001:10001
WORKDIR /
EXPOSE 8002 7101 7102 9100
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 CMD ["healthcheck", "livez"]
ENTRYPOINT ["tini", "--"]
CMD ["gateway"]
