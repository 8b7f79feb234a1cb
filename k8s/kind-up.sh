#!/usr/bin/env bash
# Makes the kind cluster where it is not there, brings the images to it, and installs what the chart needs.
set -euo pipefail
cd "$(dirname "$0")"
cluster=${CLUSTER:-p2pcloud}

for program in kind kubectl helm docker; do
  command -v "$program" >/dev/null || { echo "kind-up: $program is needed and not in PATH" >&2; exit 1; }
done

if ! kind get clusters | grep -qx "$cluster"; then
  kind create cluster --name "$cluster" --config kind.yaml --wait 120s
fi
kubectl config use-context "kind-$cluster"

mapfile -t images < <(docker image ls --format '{{.Repository}}:{{.Tag}}' --filter 'reference=p2pcloud/*')
if [[ ${#images[@]} -gt 0 ]]; then
  kind load docker-image --name "$cluster" "${images[@]}"
else
  echo "kind-up: docker has no image p2pcloud/*; run make images, then make kind-up again" >&2
fi

./prerequisites.sh
