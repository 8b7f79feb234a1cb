#!/usr/bin/env bash
# The same with minikube. Calico, because minikube's own network does not enforce network policies.
# CPUS and MEMORY are for SIZE=tiny; small needs 6 and 10g.
set -euo pipefail
cd "$(dirname "$0")"
profile=${CLUSTER:-p2pcloud}

for program in minikube kubectl helm docker; do
  command -v "$program" >/dev/null || { echo "minikube-up: $program is needed and not in PATH" >&2; exit 1; }
done

minikube status --profile "$profile" >/dev/null 2>&1 ||
  minikube start --profile "$profile" --cpus "${CPUS:-4}" --memory "${MEMORY:-6g}" --cni calico
kubectl config use-context "$profile"

found=false
while IFS= read -r image; do
  found=true
  minikube image load --profile "$profile" "$image"
done < <(./images.sh)
if [[ $found == false ]]; then
  echo "minikube-up: docker has no image p2pcloud/* of the chart's version; run make images, then this again" >&2
fi

./prerequisites.sh
