# The three services in one process, as one binary with its permissions and migrations in it.
# Both images are fixed by a tag that never moves; a release may add @sha256:… to either.
ARG DENO_IMAGE=denoland/deno:2.9.6
ARG BASE_IMAGE=debian:12.11-slim

FROM ${DENO_IMAGE} AS build
WORKDIR /src
COPY . .
ARG TARGETARCH=amd64
RUN deno run -A shared/dev/compile.ts alpespartners --target=${TARGETARCH} --out=/out

FROM ${BASE_IMAGE}
LABEL org.opencontainers.image.title="alpespartners"
# Nobody: no name, no home, no shell, and nothing in the image that it may write.
USER 10001:10001
COPY --from=build --chmod=0555 /out/alpespartners /usr/local/bin/proceso
ENV HOST=0.0.0.0 PORT=5000 LOG_FORMAT=json
EXPOSE 5000
HEALTHCHECK --interval=5s --timeout=4s --start-period=20s --retries=6 CMD ["/usr/local/bin/proceso", "--salud"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/proceso"]
