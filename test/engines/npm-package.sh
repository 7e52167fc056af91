#!/usr/bin/env bash
# A machine whose node_modules hold @tensorflow/tfjs-node with its library, as `npm i @tensorflow/tfjs-node` leaves it where
# the internet is open: `auto` takes it, and the quickstart passes. Its library and addon come from the installed engine.
# usage: test/engines/npm-package.sh FOLDER
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d "$1/npm-package-XXXXXX")
chmod 755 "$work" # the embedded database runs as an unprivileged user
engine=$(node apps/cli/bin/mate-bench.js engine where tensorflow)

git clone --quiet . "$work/checkout"
cd "$work/checkout"
npm ci --silent --prefer-offline
npm install --silent --no-save --ignore-scripts --prefer-offline @tensorflow/tfjs-node@4.22.0
package=node_modules/@tensorflow/tfjs-node
mkdir -p "$package/lib/napi-v8" "$package/deps"
ln -s "$engine/lib" "$package/deps/lib"
cp "$engine/addon/tfjs_binding.node" "$package/lib/napi-v8/"
# The addon looks for its libraries in ../lib.
ln -s "$engine/lib" "$package/lib/lib"

# In place of a oneDNN that the system may have, which `auto` would prefer.
export MATE_BENCH_ONEDNN="$work/no-library.so"
export MATE_BENCH_ENGINES="$work/no-engines" MATE_BENCH_DB="$work/database" MATE_BENCH_ARTIFACTS="$work/artifacts"
node apps/cli/bin/mate-bench.js quickstart --backend auto --no-serve --no-results --out "$work/runs" --report "$work/report.html" \
  >"$work/quickstart.txt"
for manifest in "$work"/runs/*/manifest.json; do
  node -e '
    const { environment } = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"))
    if (environment.backend.name !== "tensorflow") throw new Error(`auto took ${environment.backend.name}`)
  ' "$manifest"
done
grep -q "4 runs verified" "$work/quickstart.txt"
echo "auto took TensorFlow of node_modules, and the quickstart passed"
