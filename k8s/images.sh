#!/usr/bin/env bash
# Prints the images of the chart's version (or VERSION) that docker has: p2pcloud/*, and with REGISTRY set those with that prefix too.
set -euo pipefail
cd "$(dirname "$0")"
version=${VERSION:-$(sed -n 's/^appVersion: *"\{0,1\}\([^" ]*\).*/\1/p' ../charts/p2pcloud/Chart.yaml)}
registry=${REGISTRY:-}

filters=(--filter "reference=p2pcloud/*:$version")
if [[ -n $registry ]]; then
  filters+=(--filter "reference=${registry%/}/p2pcloud/*:$version")
fi
docker image ls --format '{{.Repository}}:{{.Tag}}' "${filters[@]}"
