#!/usr/bin/env bash
# Rebuild the chart bundle elsewhere and compare it, byte for byte, with the committed one.
set -euo pipefail
cd "$(dirname "$0")"
committed="../src/vetopoint/view/assets"
fresh="$(mktemp -d)"
trap 'rm -rf "$fresh"' EXIT
bash build.sh "$fresh"
for name in charts.js charts.LICENCES.txt charts.sha256; do
  cmp "$committed/$name" "$fresh/$name" || { echo "frontend: $name differs from what frontend/build.sh makes; run it and commit the result" >&2; exit 1; }
done
echo "frontend: the committed bundle is what the sources make"
