#!/usr/bin/env bash
# Makes the kind cluster where it is not there, brings the images to it, and installs what the chart needs.
# CLUSTER names it; REGISTRY and VERSION choose images, as for make images.
set -euo pipefail
cd "$(dirname "$0")"
cluster=${CLUSTER:-p2pcloud}

for program in kind kubectl helm docker; do
  command -v "$program" >/dev/null || { echo "kind-up: $program is needed and not in PATH" >&2; exit 1; }
done

# Before 0.24 its network lets everything pass, whatever network policies say.
read -r major minor <<<"$(kind version | sed -E 's/^kind v([0-9]+)\.([0-9]+).*/\1 \2/')"
if ((major == 0 && minor < 24)); then
  echo "kind-up: kind 0.24 or later is needed, for network policies; this is $(kind version)" >&2
  exit 1
fi

if ! kind get clusters | grep -qx "$cluster"; then
  kind create cluster --name "$cluster" --config kind.yaml --wait 120s
fi
kubectl config use-context "kind-$cluster"

images=()
while IFS= read -r image; do
  images+=("$image")
done < <(./images.sh)
if [[ ${#images[@]} -gt 0 ]]; then
  kind load docker-image --name "$cluster" "${images[@]}"
else
  echo "kind-up: docker has no image p2pcloud/* of the chart's version; run make images, then make kind-up again" >&2
fi

./prerequisites.sh
