# syntax=docker/dockerfile:1
# The training container: Node, tfjs-node-gpu and the CUDA libraries that it was built for. docs/gpu-image.md says why
# these, how to pin and mirror the base, and what has been tried.
ARG BASE_IMAGE=tensorflow/tensorflow:2.9.1-gpu

# --- Node ------------------------------------------------------------------------------------------------------------
# Below 23: the addon's JavaScript calls what Node 23 has removed.
FROM node:22.16.0-bullseye-slim AS node

# --- what is installed and built -------------------------------------------------------------------------------------
FROM node AS build
ARG TFJS_VERSION=4.22.0
# For the addon, where no prebuilt one is to be had.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates python3 make g++ \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json ./
COPY apps ./apps
COPY functions ./functions
COPY packages ./packages
RUN npm ci --omit=dev --workspace @mate-bench/trainer --include-workspace-root=false
# Not in the lockfile: it fetches its library while it is installed, which a closed network can not.
RUN npm install --no-save --omit=dev --no-audit --no-fund --ignore-scripts=false \
      "@tensorflow/tfjs-node-gpu@${TFJS_VERSION}"
# Without these two files training would fall back to the CPU, or fail at its first step.
RUN test -f node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node \
  && ls node_modules/@tensorflow/tfjs-node-gpu/deps/lib/libtensorflow.so.2

# --- what runs -------------------------------------------------------------------------------------------------------
FROM ${BASE_IMAGE}
COPY --from=node /usr/local/bin/node /usr/local/bin/node
# TensorFlow only warns where one of these is missing, and computes on the CPU.
RUN ldconfig && for library in \
      libcudart.so.11.0 libcublas.so.11 libcublasLt.so.11 libcufft.so.10 libcurand.so.10 \
      libcusolver.so.11 libcusparse.so.11 libcudnn.so.8; \
    do ldconfig -p | grep -q "$library" || { echo "missing: $library"; exit 1; }; done
WORKDIR /app
COPY --from=build /app ./
COPY LICENSE ./
RUN useradd --create-home --uid 10001 trainer && mkdir /scratch && chown trainer /scratch
ENV NODE_ENV=production \
    MATE_BENCH_TRAINER_WORK=/scratch \
    TF_CPP_MIN_LOG_LEVEL=1 \
    TF_FORCE_GPU_ALLOW_GROWTH=true
USER trainer
STOPSIGNAL SIGTERM
# As the job definition has it; by hand: docker run --gpus 1 IMAGE node functions/trainer/bin/trainer.js --help
CMD ["node", "functions/trainer/bin/trainer.js", "--help"]
