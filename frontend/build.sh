#!/usr/bin/env bash
# Build the chart bundle into the package, with its hash and the licences of what is inside.
# Needs node and npm; nothing else in the project does. Usage: frontend/build.sh [FOLDER]
set -euo pipefail
cd "$(dirname "$0")"
out="${1:-../src/vetopoint/view/assets}"
mkdir -p "$out"
npm ci --no-audit --no-fund --loglevel=error
node_modules/.bin/esbuild src/main.js --bundle --minify --format=iife --global-name=VetopointCharts \
  --target=es2020 --charset=ascii --legal-comments=none --log-level=warning --metafile=node_modules/.bundle.json \
  --outfile="$out/charts.js"
node licences.mjs node_modules/.bundle.json > "$out/charts.LICENCES.txt"
(cd "$out" && sha256sum charts.js charts.LICENCES.txt > charts.sha256)
