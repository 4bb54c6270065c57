# One process as its bundle on Deno's own image, for whoever cannot or will not compile (deno compile downloads denort):
# docker build -f paquete.Dockerfile --build-arg PROCESO=pagos . (any name of shared/dev/processes.ts).
# The image is fixed by a tag that never moves; a release may add @sha256:… to it.
ARG DENO_IMAGE=denoland/deno:2.9.6

FROM ${DENO_IMAGE} AS build
WORKDIR /src
COPY . .
ARG PROCESO=alpespartners
RUN deno run -A shared/dev/bundle.ts "${PROCESO}" && mv "dist/${PROCESO}.js" /proceso.js

FROM ${DENO_IMAGE}
ARG PROCESO=alpespartners
LABEL org.opencontainers.image.title="alpespartners ${PROCESO}"
# Nobody: no name, no home, and nothing in the image that it may write.
USER 10001:10001
COPY --from=build --chmod=0444 /proceso.js /usr/local/lib/proceso.js
ENV HOST=0.0.0.0 BFF_HOST=0.0.0.0 LOG_FORMAT=json DENO_DIR=/nonexistent DENO_NO_UPDATE_CHECK=1
EXPOSE 5000 5001 5002 5003 5004
HEALTHCHECK --interval=5s --timeout=4s --start-period=20s --retries=6 CMD ["deno", "run", "--no-config", "--no-lock", "--no-remote", "--no-npm", "--cached-only", "--allow-net", "--allow-env", "--allow-read", "/usr/local/lib/proceso.js", "--salud"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["deno", "run", "--no-config", "--no-lock", "--no-remote", "--no-npm", "--cached-only", "--allow-net", "--allow-env", "--allow-read", "/usr/local/lib/proceso.js"]
